"""Reads conversations through Rasa's own tracker stores: Redis, MongoDB, DynamoDB, one's own class.

Rasa is imported inside the functions: it takes seconds, and most projects store in SQL.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rasa_project.conversations import conversation
from rasa_project.conversations.conversation import Conversation, ConversationsError

if TYPE_CHECKING:
    from rasa.core.tracker_store import TrackerStore

_T = TypeVar("_T")


class RasaStore:
    """The conversations of one of Rasa's tracker stores; see `conversation.Source`.

    Only `keys` and `retrieve_full_tracker` are called. Opening MongoDB or DynamoDB makes Rasa's
    class ensure its index or its table, as the bot itself does when it starts.
    """

    def __init__(self, store: TrackerStore, name: str) -> None:
        self.name = name
        self._store = store

    def __iter__(self) -> Iterator[Conversation]:
        """Read all, in the order of their ids."""
        for identifier in self._ids():
            found = self.find(identifier)
            if found:
                yield found

    def count(self) -> int:
        """Count the conversations."""
        return len(self._ids())

    def find(self, identifier: str) -> Conversation | None:
        """Read one conversation, `None` where it is not there."""
        tracker = self._ask(self._store.retrieve_full_tracker(identifier))
        if tracker is None or not tracker.events:
            return None
        return conversation.read(identifier, (event.as_dict() for event in tracker.events))

    def _ids(self) -> list[str]:
        # RedisTrackerStore gives its keys with the prefix that it puts before an id itself.
        prefix = str(getattr(self._store, "key_prefix", ""))
        return sorted(str(key).removeprefix(prefix) for key in self._ask(self._store.keys()))

    def _ask(self, question: Coroutine[Any, Any, _T]) -> _T:
        try:
            return asyncio.run(question)
        except Exception as error:  # each store has a driver with errors of its own
            raise ConversationsError(_unread(self.name, error)) from error


def from_endpoint(settings: Mapping[str, Any], project: Path) -> RasaStore:
    """Open the store that `tracker_store` in endpoints.yml describes.

    Args:
        settings: Its keys as Rasa reads them, environment variables filled in.
        project: The folder that Rasa is started from: a class of one's own is found there.

    Raises:
        ConversationsError: It does not answer, or its class is not found.
    """
    from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
    from rasa.utils.endpoints import EndpointConfig

    name = f"the tracker store of type {settings['type']}"
    sys.path.insert(0, str(project.absolute()))  # as `rasa` does with the folder it runs in
    try:
        store = TrackerStore.create(EndpointConfig.from_dict(dict(settings)))
    except Exception as error:
        raise ConversationsError(_unread(name, error)) from error
    finally:
        sys.path.pop(0)
    if type(store) is InMemoryTrackerStore:  # what Rasa falls back to
        raise ConversationsError(
            f"`tracker_store` in {project / 'endpoints.yml'} must name a type that Rasa finds. "
            f"Received: type: {settings['type']}. Correct it there."
        )
    # Here the domain's slots are not known, and nobody needs to hear so for each event.
    logging.getLogger("rasa.shared.core.trackers").setLevel(logging.CRITICAL)
    return RasaStore(store, name)


def _unread(name: str, error: Exception) -> str:
    return (
        f"{name[0].upper()}{name[1:]} cannot be read: {error}. Correct `tracker_store` in "
        "endpoints.yml, or name another source with --from."
    )
