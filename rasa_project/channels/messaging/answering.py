"""Has Rasa answer what is in the inbox: in order within a conversation, each turn once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from rasa.core.channels.channel import UserMessage

from rasa_project import attachments
from rasa_project.channels.messaging.choices import chosen
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.inbox import Inbox, Job
from rasa_project.channels.messaging.outbox import Outbox
from rasa_project.channels.messaging.output import TurnOutput
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.rasa_side import RasaSide
from rasa_project.channels.messaging.turn import Turn, conversation_of
from rasa_project.lanes import Lanes

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Note = Callable[[Turn], list[dict[str, Any]]]
PARALLEL: Final = 16  # conversations at a time; Rasa thinks about one after the other anyway
_NO_MODEL_SECONDS: Final = 1.0
ASK_AGAIN_SECONDS: Final = 5.0  # the service whom a turn is of


class _NotKnownYet(Exception):
    """The service does not say at present what a delivery left out."""


class Answerer:
    """Works through one channel's inbox.

    Args:
        provider: The channel.
        inbox: Its turns.
        outbox: Where answers go.
        rasa: Who answers.
        on_new_message: Passes a message to Rasa and returns when its turn is over.
        note: Notes what came with a turn, and describes it; called on a thread.
        wake_sender: Called when there is something new to send.
    """

    def __init__(
        self,
        provider: Provider,
        inbox: Inbox,
        outbox: Outbox,
        rasa: RasaSide,
        on_new_message: OnNewMessage,
        note: Note,
        wake_sender: Callable[[], None],
    ) -> None:
        self._provider = provider
        self._inbox = inbox
        self._outbox = outbox
        self._rasa = rasa
        self._on_new_message = on_new_message
        self._note = note
        self._wake_sender = wake_sender
        self._lanes = Lanes(f"inbox of {provider.name}", inbox.heads, self._work, PARALLEL)
        self._courtesies: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Say that there is something new to answer."""
        self._lanes.wake()

    async def run(self) -> None:
        """Answer for ever."""
        try:
            await self._lanes.run()
        finally:
            for task in self._courtesies:
                task.cancel()

    async def _work(self, entry_id: int) -> None:
        if not self._rasa.is_ready():
            # Without a claim, so that a new wording still counts.
            await asyncio.to_thread(self._inbox.rest, entry_id, _NO_MODEL_SECONDS)
            return
        job = await asyncio.to_thread(self._inbox.begin, entry_id)
        if job is None:
            return
        output = TurnOutput(self._provider, lambda: self._outbox, self._wake_sender, turn=job.id)
        try:
            turn = await self._complete(job.turn)
            if turn is not None:
                self._show_courtesy(turn)
                await self._answer(replace(job, turn=turn), output)
        except _NotKnownYet:
            await asyncio.to_thread(self._inbox.wait, entry_id, ASK_AGAIN_SECONDS)
            return
        except Exception as error:
            await self._fail(entry_id, error)
            return
        finally:
            output.end()
        await asyncio.to_thread(self._inbox.finish, entry_id)

    async def _complete(self, turn: Turn) -> Turn | None:
        """Return the whole turn, none where it is to be left alone."""
        name = self._provider.name
        try:
            whole = await self._provider.completed(turn)
        except (NotSent, MaybeSent) as error:
            logger.warning("%s: turn %s has to wait: %s", name, turn.id, error)
            raise _NotKnownYet from error
        if whole is None:
            logger.info("%s: turn %s needs no answer.", name, turn.id)
        return whole

    async def _answer(self, job: Job, output: TurnOutput) -> None:
        conversation = conversation_of(self._provider.name, job.turn.customer)
        if job.again and await self._rasa.has_heard(conversation, job.turn.id):
            return
        text, metadata = await asyncio.to_thread(self._understand, job.turn)
        if not text:
            logger.info("%s: turn %s means nothing any more.", self._provider.name, job.turn.id)
            return
        await self._on_new_message(
            UserMessage(
                text,
                output,
                conversation,
                input_channel=self._provider.name,
                message_id=job.turn.id,
                metadata=metadata,
            )
        )

    def _understand(self, turn: Turn) -> tuple[str, dict[str, Any]]:
        """Return what Rasa hears, and the metadata."""
        metadata = turn.metadata()
        if turn.attachments:
            metadata[attachments.KEY] = self._note(turn)
        ends = self._outbox.window_ends(turn.customer)
        if ends is not None:
            metadata["reply_until"] = ends
        button = chosen(self._inbox.database, self._provider.name, turn)
        if button is None:
            return turn.words(), metadata
        return button.payload, {**metadata, "title": button.title}

    async def _fail(self, entry_id: int, error: Exception) -> None:
        works = await self._rasa.store_works()
        words = str(error) or repr(error)
        logger.warning(
            "%s: turn %s failed: %s", self._provider.name, entry_id, words, exc_info=error
        )
        await asyncio.to_thread(self._inbox.fail, entry_id, words, works)

    def _show_courtesy(self, turn: Turn) -> None:
        """Show typing and the like beside the work, which must not wait for it."""
        task = asyncio.create_task(self._be_courteous(turn))
        self._courtesies.add(task)
        task.add_done_callback(partial(_forget, self._courtesies))

    async def _be_courteous(self, turn: Turn) -> None:
        try:
            await self._provider.noticed(turn)
        except Exception as error:
            logger.info("%s: no sign of typing: %s", self._provider.name, error)


def _forget(tasks: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
    tasks.discard(task)
