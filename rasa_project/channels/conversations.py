"""One conversation's messages, in order and each once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

# Clients resend within seconds or minutes; this many messages back is hours of chat.
REMEMBERED_MESSAGES = 256
# A conversation's memory is some kilobytes; quiet ones are rebuilt from the tracker store.
REMEMBERED_CONVERSATIONS = 10_000

PastIds = Callable[[str], Awaitable[Iterable[str]]]


class Turns:
    """The turns of one conversation: one at a time, first come, first served."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self._done: OrderedDict[str, None] | None = None

    async def done(self, conversation: str, past_ids: PastIds) -> OrderedDict[str, None]:
        """Returns the messages handled before; asks the tracker store the first time."""
        if self._done is None:
            self._done = OrderedDict.fromkeys(await past_ids(conversation))
        while len(self._done) > REMEMBERED_MESSAGES:
            self._done.popitem(last=False)
        return self._done


class Conversations:
    """The conversations that this process has seen lately.

    Args:
        past_ids: Gives the client ids of the messages that a conversation's tracker holds.
    """

    def __init__(self, past_ids: PastIds) -> None:
        self._past_ids = past_ids
        self._turns: OrderedDict[str, Turns] = OrderedDict()

    @asynccontextmanager
    async def between_turns(self, conversation: str) -> AsyncIterator[Turns]:
        """Waits for the turns before this one and keeps the later ones waiting."""
        turns = self._turns.setdefault(conversation, Turns())
        self._turns.move_to_end(conversation)
        turns.users += 1
        try:
            async with turns.lock:
                yield turns
        finally:
            turns.users -= 1
            self._forget_quiet_ones()

    async def handle_once(
        self, conversation: str, message_id: str | None, handle: Callable[[], Awaitable[None]]
    ) -> bool:
        """Runs `handle` unless this message was handled before.

        A message whose handling raises counts as not handled, so that it can be sent again.

        Returns:
            False for a duplicate.
        """
        async with self.between_turns(conversation) as turns:
            if message_id is None:
                await handle()
                return True
            done = await turns.done(conversation, self._past_ids)
            if message_id in done:
                return False
            await handle()
            done[message_id] = None
            return True

    def _forget_quiet_ones(self) -> None:
        excess = len(self._turns) - REMEMBERED_CONVERSATIONS
        if excess <= 0:
            return
        quiet = [name for name, turns in self._turns.items() if turns.users == 0]
        for name in quiet[:excess]:
            del self._turns[name]
