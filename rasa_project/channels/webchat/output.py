"""How messages leave the `webchat` channel: stored first, under their numbers, then sent live."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa_project.channels.files.links import Links
from rasa_project.channels.trackers import events_of
from rasa_project.channels.utterances import UtteranceOutput
from rasa_project.channels.webchat.store import Database, held, messages
from rasa_project.channels.webchat.store.messages import Kept, Page
from rasa_project.channels.webchat.tokens import new_id
from rasa_project.channels.webchat.wire import wire_messages, with_addresses

logger = logging.getLogger(__name__)


def thread_room(thread: str) -> str:
    """Name the room that every socket of a thread is in: all tabs and devices."""
    return f"thread {thread}"


class Publisher:
    """Stores what is said on the bot's side and sends it to whoever is there.

    A page that was not there, or whose message got lost on the way, finds a gap in the numbers and
    asks for what is missing; so nothing here has to be sent twice.

    Args:
        sio: The Socket.IO server.
        store: Where messages are kept.
        bot_message_evt: The event that carries a message to clients.
        links: Makes the addresses of files.
    """

    def __init__(self, sio: Any, store: Database, bot_message_evt: str, links: Links) -> None:
        self._sio = sio
        self._store = store
        self._event = bot_message_evt
        self._links = links

    async def hold(self, sender: str, utterance: str, bodies: list[dict[str, Any]]) -> list[int]:
        """Keep messages that are not to be seen yet; return what `release` asks for."""
        return await self._store.write(held.hold, sender, utterance, bodies)

    async def release(self, keys: list[int]) -> None:
        """Say what was held."""
        for kept in await self._store.write(held.release, keys):
            await self._send(kept)

    async def recover(self, agent: Any, seconds: float) -> None:
        """Say what a dead server held and Rasa had stored; forget the rest, which comes again."""
        for key, sender, utterance in await self._store.read(held.left, seconds):
            events = await events_of(agent, sender)
            if any(event.metadata.get("message_id") == utterance for event in events):
                await self.release([key])
            else:
                await self._store.write(held.drop, [key])

    async def publish(self, sender: str, message: dict[str, Any]) -> None:
        """Say one message, once, however often it is published under its id."""
        kept = await self._store.write(messages.append, sender, message["id"], message)
        await self._send(kept)

    def shown(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a message as clients are shown it now."""
        return with_addresses(body, self._links)

    def shown_page(self, page: Page) -> dict[str, Any]:
        """Return a page of messages as clients are shown it now."""
        return {**vars(page), "messages": [self.shown(body) for body in page.messages]}

    async def _send(self, kept: Kept) -> None:
        if kept.fresh:
            await self._sio.emit(self._event, self.shown(kept.body), room=thread_room(kept.thread))


class WebChatOutput(UtteranceOutput):
    """What answers one message of a customer.

    Its messages are named after that one and counted: a turn that is run again, because the server
    died in it, says nothing twice.

    Args:
        publisher: Stores and sends.
        turn: The id of the message that is answered.
    """

    def __init__(self, publisher: Publisher, turn: str) -> None:
        self._publisher = publisher
        self._turn = turn
        self._said = 0

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return "webchat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Sends one bot utterance, in as many messages as the wire format asks for."""
        self._said += 1
        for wire_message in wire_messages(message, f"bot-{self._turn}-{self._said}"):
            await self._publisher.publish(recipient_id, wire_message)


class PushedOutput(WebChatOutput):
    """Delivers what answers no request, an agent's message for one, once Rasa has stored it.

    Rasa hands such a message to its channel before it stores it, and goes on to store it without a
    pause unless the channel makes one. A server that died between the two would have told the
    customer something that comes again later, behind what the customer answered. So it is held,
    and shown afterwards; what a dead server held is looked up in Rasa by the next.
    """

    def __init__(self, publisher: Publisher) -> None:
        super().__init__(publisher, "push")
        self._last: asyncio.Task[None] | None = None

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one utterance, under its own id or, where it has none, a new one."""
        utterance = str(message.get("message_id") or f"bot-{new_id()}")
        bodies = wire_messages(message, utterance)
        keys = await self._publisher.hold(recipient_id, utterance, bodies)
        before = self._last
        self._last = asyncio.create_task(self._release_after(before, keys))

    async def _release_after(self, before: asyncio.Task[None] | None, keys: list[int]) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._publisher.release(keys)
        except Exception:
            logger.exception("A stored message could not be sent live; it is sent later.")
