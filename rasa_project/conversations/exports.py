"""Reads conversations from files: exported trackers and dumps of events, as JSON.

One tracker, a list of them, or one a line, each as `GET /conversations/ID/tracker` gives it; or
one event a line, each with its `sender_id`, as Rasa's file broker and `rasa export` write them.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO

from rasa_project.conversations import conversation
from rasa_project.conversations.conversation import Conversation, ConversationsError

_CHUNK: Final = 1 << 16  # characters read at a time, at first
_BETWEEN: Final = " \t\r\n,"
_EXPECTED: Final = (
    "Give a tracker as `GET /conversations/ID/tracker` returns it, a list of such, one a line, "
    "or one event a line with its `sender_id`."
)


class ExportedFile:
    """The conversations of a JSON file; see `conversation.Source`."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    def __iter__(self) -> Iterator[Conversation]:
        """Read all, in the order of the file; those of an event dump in the order of their ids."""
        with self._path.open(encoding="utf-8-sig", errors="replace") as file:
            values = self._values(file)
            first = next(values, None)
            if first is None:
                return
            everything = chain([first], values)
            if "events" in first:
                yield from map(self._tracker, everything)
            else:
                yield from self._grouped(everything)

    def count(self) -> None:
        """Give nothing: only reading the whole file would tell."""
        return

    def find(self, identifier: str) -> Conversation | None:
        """Look through the file, `None` where the conversation is not there."""
        return next((each for each in self if each.id == identifier), None)

    def _values(self, file: TextIO) -> Iterator[Mapping[str, Any]]:
        for value in _json_values(file, self._path):
            if not isinstance(value, Mapping):
                raise ConversationsError(
                    f"{self._path} must hold JSON objects. Received: {str(value)[:60]!r}. "
                    f"{_EXPECTED}"
                )
            yield value

    def _tracker(self, tracker: Mapping[str, Any]) -> Conversation:
        identifier, events = tracker.get("sender_id"), tracker.get("events")
        if not isinstance(identifier, str) or not isinstance(events, list):
            raise ConversationsError(
                f"{self._path}: a tracker must have a `sender_id` and a list of `events`. Received "
                f"the keys {', '.join(map(str, tracker))[:200] or 'none'}. Export it with "
                "include_events=ALL."
            )
        return conversation.read(identifier, events)

    def _grouped(self, events: Iterator[Mapping[str, Any]]) -> Iterator[Conversation]:
        """Bring the events of each conversation together, on disk: a dump mixes them."""
        with (
            tempfile.TemporaryDirectory(prefix="attune-") as folder,
            closing(sqlite3.connect(Path(folder) / "events.db")) as database,
        ):
            database.execute("CREATE TABLE events (sender_id TEXT, data TEXT)")
            database.executemany("INSERT INTO events VALUES (?, ?)", map(self._row, events))
            database.execute("CREATE INDEX by_sender ON events (sender_id)")
            ids = database.execute("SELECT DISTINCT sender_id FROM events ORDER BY sender_id")
            for (identifier,) in ids:
                rows = database.execute(
                    "SELECT data FROM events WHERE sender_id = ? ORDER BY rowid", (identifier,)
                )
                yield conversation.read(identifier, (data for (data,) in rows))

    def _row(self, event: Mapping[str, Any]) -> tuple[str, str]:
        if not isinstance(event.get("sender_id"), str) or "event" not in event:
            raise ConversationsError(
                f"{self._path} must hold trackers or events. Received an object with the keys "
                f"{', '.join(map(str, event))[:200] or 'none'}. {_EXPECTED}"
            )
        return event["sender_id"], json.dumps(event)


def _json_values(file: TextIO, path: Path) -> Iterator[Any]:
    """Read JSON values one by one: those of a list, or those that stand one after the other.

    A value that is not whole yet is read again with twice as much text, so that even one large
    value costs no more than a few readings, and memory holds one value at a time.
    """
    decoder = json.JSONDecoder()
    buffer = file.read(_CHUNK)
    while buffer.isspace() and (more := file.read(_CHUNK)):
        buffer += more
    position = len(buffer) - len(buffer.lstrip())
    in_list = buffer.startswith("[", position)
    line = 1 + buffer.count("\n", 0, position)
    position += in_list
    while True:
        start = position
        while position < len(buffer) and buffer[position] in _BETWEEN:
            position += 1
        line += buffer.count("\n", start, position)
        if in_list and buffer[position : position + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, position)
        except (ValueError, RecursionError) as error:
            more = file.read(max(_CHUNK, len(buffer) - position))
            if not more:
                if position >= len(buffer) and not in_list:
                    return
                line += buffer.count("\n", position, getattr(error, "pos", position))
                raise _not_json(path, line, error) from error
            buffer, position = buffer[position:] + more, 0
        else:
            line += buffer.count("\n", position, end)
            position = end
            yield value


def _not_json(path: Path, line: int, error: Exception) -> ConversationsError:
    said = getattr(error, "msg", None) or str(error)
    return ConversationsError(
        f"{path}, line {line}: this is not JSON that can be read: {said}. {_EXPECTED}"
    )
