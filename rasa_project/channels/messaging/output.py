"""How what Rasa says gets into the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from rasa_project.channels.messaging.composing import compose
from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.outbox import Outbox
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.turn import customer_in
from rasa_project.channels.utterances import UtteranceOutput
from rasa_project.errors import CHANNEL_REFUSES

logger = logging.getLogger(__name__)


class MessagingOutput(UtteranceOutput):
    """Takes what answers no message: an agent's words, a reminder's, an external event's.

    It is made from the channel's configuration alone and keeps nothing, so it works in every
    server process and after a restart.

    Args:
        provider: Says what the channel takes.
        outbox: Gives the outbox; opened when it is first needed.
        wake: Called when there is something new to send.
    """

    def __init__(
        self, provider: Provider, outbox: Callable[[], Outbox], wake: Callable[[], None]
    ) -> None:
        self._provider = provider
        self._outbox = outbox
        self._wake = wake

    def name(self) -> str:
        """The channel's name in Rasa."""
        return self._provider.name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one utterance in the outbox.

        Raises:
            NotSent: The provider would refuse it, for the reason that it says.
        """
        try:
            await self._say(recipient_id, message, _name_of(message), pushed=True)
        except NotSent as error:
            # Rasa passes the words of the error on to who asked for the message.
            raise NotSent(f"{CHANNEL_REFUSES}{error}", hopeless=True) from error

    async def send_quick_replies(
        self, recipient_id: str, text: str, quick_replies: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Send a text with quick replies below."""
        await self.send_text_with_buttons(recipient_id, text, quick_replies, **kwargs)

    async def _say(
        self, recipient_id: str, message: dict[str, Any], utterance: str, pushed: bool
    ) -> None:
        parts = compose(message, self._provider.name, self._provider.limits)
        if not parts:
            return
        customer = customer_in(recipient_id, self._provider.name)
        said = await asyncio.to_thread(self._outbox().say, customer, parts, utterance, pushed)
        if said:
            self._wake()
        else:
            logger.info("%s: utterance %s was said before.", self._provider.name, utterance)


class TurnOutput(MessagingOutput):
    """Takes the answers to one turn; what comes after its end counts as pushed.

    An answer is named by the turn and its place among the answers: if a process dies over a turn,
    and another one has Rasa think about it again, nothing is said twice.

    Args:
        provider: As above.
        outbox: As above.
        wake: As above.
        turn: Number of the turn in the inbox.
    """

    def __init__(
        self,
        provider: Provider,
        outbox: Callable[[], Outbox],
        wake: Callable[[], None],
        turn: int,
    ) -> None:
        super().__init__(provider, outbox, wake)
        self._turn = turn
        self._said = 0
        self._ended = False

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one utterance in the outbox."""
        if self._ended or message.get("message_id"):
            await super().send_response(recipient_id, message)
            return
        utterance = f"turn-{self._turn}-{self._said}"
        self._said += 1
        await self._say(recipient_id, message, utterance, pushed=False)

    def end(self) -> None:
        """Say that the turn is over; a reminder may still hold on to this object."""
        self._ended = True


def _name_of(message: dict[str, Any]) -> str:
    """Name an utterance for ever: who sends it again after an uncertain outcome names it alike."""
    if message_id := message.get("message_id"):
        return f"id-{message_id}"
    timestamp = message.get("timestamp")
    # Rasa sets an utterance's time once.
    return f"at-{timestamp:.6f}" if isinstance(timestamp, float) else f"at-{id(message)}"
