"""What happens when a client says something or asks what was said."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

from rasa.core.channels.channel import UserMessage

from rasa_project.channels.webchat.incoming import Incoming, read_message
from rasa_project.channels.webchat.output import Publisher, WebChatOutput, thread_room
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.session_events import SessionEvents
from rasa_project.channels.webchat.store import Database, messages, presence, sessions
from rasa_project.channels.webchat.store.messages import Kept, Turn
from rasa_project.channels.webchat.tokens import Session, new_id
from rasa_project.channels.webchat.turns import Turns
from rasa_project.channels.webchat.visitors import MAX_REFUSALS, Visitor, Visitors

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

HISTORY_MESSAGES: Final = 200  # the most of one page


class MessageEvents:
    """Takes what customers say, and gives what was said.

    Args:
        sio: The Socket.IO server.
        store: The messages.
        publisher: Stores and sends what is said on the bot's side.
        entrance: Where sessions are looked up and begun.
        visitors: The sockets of this process.
        agent: Gives Rasa's agent.
        on_new_message: Passes a message to Rasa and returns when its turn is over.
        metadata_key: Where in a client's message the metadata stands.
        init_payloads: Intents that a client may send without a button.
    """

    def __init__(
        self,
        sio: Any,
        store: Database,
        publisher: Publisher,
        entrance: SessionEvents,
        visitors: Visitors,
        agent: Callable[[], Any],
        on_new_message: OnNewMessage,
        metadata_key: str,
        init_payloads: Collection[str],
    ) -> None:
        self._sio = sio
        self._store = store
        self._publisher = publisher
        self._entrance = entrance
        self._visitors = visitors
        self._agent = agent
        self._on_new_message = on_new_message
        self._metadata_key = metadata_key
        self._init_payloads = init_payloads
        self.turns = Turns(store, agent, self._answer, self._turn_over)

    async def user_uttered(self, sid: str, data: object = None) -> dict[str, Any]:
        """Stores a message, acknowledges it with its number, and has Rasa answer it."""
        visitor = self._visitors.of(sid)
        message_id = None
        try:
            message = read_message(data, self._metadata_key)
            message_id = message.message_id
            kept = await self._accept(sid, visitor, data, message)
        except Rejected as rejected:
            return await self._refuse(sid, visitor, rejected)
        except Exception:
            logger.exception("A message could not be stored.")
            await self._sio.emit("message_failed", {"id": message_id}, room=sid)
            return {"status": "failed", **Rejected(None, "unavailable").told(visitor.language)}
        visitor.refusals = 0
        if kept.fresh:
            room = thread_room(kept.thread)
            shown = self._publisher.shown(kept.body)
            await self._sio.emit("user_echo", shown, room=room, skip_sid=sid)
        self.turns.wake(kept.thread)
        status = "accepted" if kept.fresh else "duplicate"
        state = kept.body.get("state", "waiting")
        return {"status": status, "id": kept.body["id"], "seq": kept.number, "state": state}

    async def history_request(self, sid: str, data: object = None) -> dict[str, Any]:
        """Acknowledges with a page of the socket's own conversation.

        `after` or `before` a number, at most `limit`; with neither, the latest.
        """
        visitor = self._visitors.of(sid)
        asked = data if isinstance(data, dict) else {}
        try:
            await self._visitors.allow_request(sid)
            if visitor.session is None:
                raise Rejected(None, "session")
            if await self._store.read(sessions.is_over, visitor.session):
                raise Rejected(None, "over")
            limit = _number(asked.get("limit")) or HISTORY_MESSAGES
            after, before = _number(asked.get("after")), _number(asked.get("before"))
            page = await self._store.read(
                messages.page, visitor.thread, min(limit, HISTORY_MESSAGES), after, before
            )
        except Rejected as rejected:
            return {"error": rejected.reason, **rejected.told(visitor.language)}
        except Exception:
            logger.exception("The history of a chat cannot be read.")
            return {"error": "unavailable", **Rejected(None, "unavailable").told(visitor.language)}
        return self._publisher.shown_page(page)

    async def delivered(self, sid: str, data: object = None) -> dict[str, Any]:
        """Takes note of the number up to which a page has everything; tells it the latest."""
        visitor = self._visitors.of(sid)
        try:
            await self._visitors.allow_request(sid)
            told = data if isinstance(data, dict) else {}
            number = _number(told.get("seq"))
            if visitor.thread is None or number is None:
                raise Rejected(None, "session" if visitor.thread is None else "wrong_type")
            await self._store.write(presence.here, visitor.thread, _number(told.get("seen")))
            return {"last": await self._store.write(messages.delivered, visitor.thread, number)}
        except Rejected as rejected:
            return {"error": rejected.reason, **rejected.told(visitor.language)}

    async def typing(self, sid: str, writes: object = True) -> None:
        """Takes note that the customer writes; whoever says so too often is not heard."""
        visitor = self._visitors.of(sid)
        try:
            await self._visitors.allow_request(sid)
        except Rejected:
            return
        if visitor.thread is not None:
            await self._store.write(presence.typing, visitor.thread, writes is not False)

    async def _accept(self, sid: str, visitor: Visitor, data: Any, message: Incoming) -> Kept:
        session = await self._session_for(sid, visitor, data, message)
        await self._visitors.allow_message(visitor, session, message.message_id)
        kept = await self._store.write(
            sessions.accept, session, message.message_id or new_id(), message.text,
            message.metadata, message.files, self._init_payloads,
        )  # fmt: skip
        if kept is None:
            raise Rejected(message.message_id, "over")
        return kept

    async def _session_for(
        self, sid: str, visitor: Visitor, data: Any, message: Incoming
    ) -> Session:
        """The session a message belongs to: the token sent along, else the socket's own."""
        if data.get("session_id") is not None:
            try:
                return self._entrance.opened(data["session_id"])
            except Rejected as rejected:
                raise Rejected(message.message_id, rejected.reason) from None
        if visitor.session is None:  # a simple client that never asks for one
            await self._entrance.enter(sid, visitor, await self._entrance.fresh(visitor))
        if visitor.session is None:  # logged out meanwhile
            raise Rejected(message.message_id, "over")
        return visitor.session

    async def _refuse(self, sid: str, visitor: Visitor, rejected: Rejected) -> dict[str, Any]:
        told = rejected.told(visitor.language)
        await self._sio.emit("message_rejected", {"id": rejected.message_id, **told}, room=sid)
        visitor.refusals += 1
        if visitor.refusals > MAX_REFUSALS:
            await self._sio.disconnect(sid)
        return {"status": "rejected", **told}

    async def _answer(self, turn: Turn) -> None:
        if not self._agent().is_ready():  # Rasa drops messages silently while it has no model
            raise RuntimeError(
                "The Rasa server has no model loaded, so the webchat channel can answer nobody. "
                "Train one with `rasa train` and restart the server."
            )
        await self._on_new_message(
            UserMessage(
                turn.text,
                WebChatOutput(self._publisher, turn.message_id),
                turn.sender,
                input_channel=WebChatOutput.name(),
                metadata=turn.metadata,
            )
        )

    async def _turn_over(self, thread: str, turn: Turn, status: str) -> None:
        room = thread_room(thread)
        page = await self._store.read(messages.page, thread, 1)
        told = {"id": turn.message_id, "status": status, "last": page.last}
        await self._sio.emit("turn_over", {**told, "working": page.working}, room=room)
        if status == "failed":
            await self._sio.emit("message_failed", {"id": turn.message_id}, room=room)


def _number(value: object) -> int | None:
    """A message's number, None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    return None
