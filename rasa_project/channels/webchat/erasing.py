"""What the web chat holds of one customer: counted, given out, and deleted with its files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from sqlalchemy import select

from rasa_project.channels.files.vault import Vault
from rasa_project.channels.webchat.settings import Settings
from rasa_project.channels.webchat.store import Database, erasing
from rasa_project.channels.webchat.store.erasing import Erased
from rasa_project.channels.webchat.store.tables import THREADS

Result = TypeVar("Result")

_NOTHING: Final = Erased((), 0, 0, 0, ())


class ChatRows:
    """The chat store as a command sees it, which waits for each answer.

    Args:
        settings: Of the channel.
    """

    def __init__(self, settings: Settings) -> None:
        self._database = Database(settings.store)
        self._vault = None if settings.files is None else Vault(settings.files.folder)

    def open(self) -> None:
        """Bring the database up to date, and see that it can be used.

        Raises:
            StartError: A later version has changed its tables.
        """
        _await(self._database.open())

    def thread_of(self, *, customer: str | None = None, conversation: str = "") -> str | None:
        """Find somebody's thread by the shop's id or by Rasa's; none of an unknown one."""
        if customer is not None:
            return self._write(erasing.thread_of_customer, customer)
        return self._write(erasing.thread_of_conversation, conversation)

    def conversations_of(self, thread: str) -> tuple[str, ...]:
        """Return Rasa's sender ids of a thread."""
        return self._write(erasing.conversations_of, thread)

    def customer_of(self, thread: str) -> str | None:
        """Return the shop's id; none of a guest."""
        return self._write(_customer_of, thread)

    def count(self, thread: str) -> dict[str, int]:
        """Count what is kept of a thread, by what it is."""
        return self._write(erasing.count, thread)

    def export(self, thread: str) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of a thread, by what they are."""
        return self._write(erasing.export, thread)

    def erase(self, thread: str | None) -> Erased:
        """Delete a thread; files go before their rows, for who is stopped finds them by these."""
        if thread is None:
            return _NOTHING
        if self._vault is not None:
            for file_id in self._write(erasing.files_of, thread):
                self._vault.remove(file_id)
        erased = self._write(erasing.erase, thread)
        if self._vault is not None:  # a file that came in between
            for file_id in erased.files:
                self._vault.remove(file_id)
        return erased

    def empty_log(self) -> bool:
        """Leave nothing of what was deleted beside a SQLite file; False where readers are slow."""
        return _await(self._database.empty_log())

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _write(self, change: Callable[..., Result], *values: Any) -> Result:
        return _await(self._database.write(change, *values))


def together(first: Erased, second: Erased) -> Erased:
    """Add up what two rounds erased."""
    return replace(
        first,
        conversations=tuple(sorted({*first.conversations, *second.conversations})),
        messages=first.messages + second.messages,
        held=first.held + second.held,
        mails=first.mails + second.mails,
        files=(*first.files, *second.files),
    )


def _customer_of(connection: Any, thread: str) -> str | None:
    found = connection.execute(select(THREADS.c.customer).where(THREADS.c.id == thread)).scalar()
    return None if found is None else str(found)


def _await(answer: Awaitable[Result]) -> Result:
    async def wait() -> Result:
        return await answer

    return asyncio.run(wait())
