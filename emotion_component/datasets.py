"""Readers of the training and evaluation data.

Each source teaches some heads of the network and says nothing about the others: an `Example`
names only the targets it has. Read here, and only here, are sources whose licence lets them
train weights that are shipped (`SOURCES` says which, under what licence).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from emotion_component import labels
from emotion_component.errors import DataMissingError, RowError

DATA_VARIABLE: Final = "EMOTION_DATA_DIR"
DEFAULT_FOLDER: Final = Path(__file__).resolve().parents[2] / "shared" / "datasets"
# BRIGHTER and the service utterances grade intensity from 0 to 3.
TOP_INTENSITY: Final = 3

Row = dict[str, Any]
Vector = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One text with what is known about it.

    Attributes:
        text: As written.
        targets: Head name to target vector, values 0 to 1; an absent head is not taught.
        service_weight: How much a `service` target counts; below 1 where it was mapped from
            another taxonomy instead of judged as a customer's message.
        identity: Voice or dialogue it belongs to; what shares one is kept on one side of a split.
    """

    text: str
    targets: Mapping[str, Vector]
    service_weight: float = 1.0
    identity: str = ""


class Source(NamedTuple):
    """A set of files that one reader understands.

    Attributes:
        reader: Turns a row into examples; raises `ValueError` on a row it cannot use.
        licence: What allows its use in shipped weights.
    """

    reader: Callable[[Row], Iterable[Example]]
    licence: str


# A label mapped from Reddit, film subtitles or weblogs says less about a customer than one judged
# on a customer's message: without this the model hears anger in swearing and nowhere else.
MAPPED_WEIGHT: Final = 0.15


def folder() -> Path:
    """Find the data folder: `EMOTION_DATA_DIR`, else `../shared/datasets` beside the checkout.

    Raises:
        DataMissingError: If it is not there; the message says how to get the data.
    """
    path = Path(os.environ.get(DATA_VARIABLE) or DEFAULT_FOLDER)
    if not path.is_dir():
        raise DataMissingError(
            f"No training data at {path}. Set {DATA_VARIABLE} to a folder that holds goemotions/, "
            "brighter/, stc3/, xed/ and voices/ as JSON lines; emotion_component/weights/README.md "
            "names the public home of each."
        )
    return path


def rows(path: Path, limit: int | None = None) -> Iterator[tuple[int, Row]]:
    """Read a JSON-lines file.

    Args:
        path: UTF-8 file, one object a line; empty lines are passed over.
        limit: Stop after this many rows.

    Yields:
        Line number from 1, and the object, which has a string `text` or a list `turns`.

    Raises:
        DataMissingError: If there is no such file.
        RowError: If a line is no such object, with file and line.
    """
    if not path.is_file():
        raise DataMissingError(f"No data file at {path}.")
    count = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            if limit is not None and count >= limit:
                return
            count += 1
            yield number, _parse(path, number, line)


def _parse(path: Path, number: int, line: bytes) -> Row:
    """Read one line as an object that holds a text."""
    try:
        row = json.loads(line.decode("utf-8"))
    except ValueError as error:  # bad UTF-8 and bad JSON alike
        raise RowError(path, number, f"not a JSON object in UTF-8: {error}") from error
    if not isinstance(row, dict):
        raise RowError(path, number, f"must be a JSON object. Received: {type(row).__name__}")
    if not isinstance(row.get("text"), str) and not isinstance(row.get("turns"), list):
        raise RowError(path, number, "needs a string `text` or a list `turns`. Received: neither")
    return row


def read(path: Path, source: str, limit: int | None = None) -> list[Example]:
    """Read a file of one source as examples.

    Args:
        path: The file.
        source: A key of `SOURCES`.
        limit: Stop after this many rows.

    Raises:
        DataMissingError: If there is no such file.
        RowError: If a row cannot be used, with file and line.
    """
    examples: list[Example] = []
    for number, row in rows(path, limit):
        try:
            examples.extend(SOURCES[source].reader(row))
        except (KeyError, TypeError, ValueError) as error:
            raise RowError(path, number, f"not a row of {source}: {error!r}") from error
    return examples


def many_hot(names: Iterable[str], taxonomy: Sequence[str]) -> Vector:
    """Mark `names` with 1 in a vector laid out as `taxonomy`.

    Raises:
        ValueError: If a name is not in the taxonomy.
    """
    vector = np.zeros(len(taxonomy), np.float32)
    for name in names:
        if name not in taxonomy:
            raise ValueError(f"unknown label `{name}`. Known: {', '.join(taxonomy)}")
        vector[taxonomy.index(name)] = 1.0
    return vector


def _service(names: Iterable[str | None]) -> dict[str, Vector]:
    """Give a service target where every name maps, and all to one label; else nothing."""
    mapped = set(names)
    if len(mapped) != 1 or None in mapped:
        return {}
    return {"service": many_hot([str(mapped.pop())], labels.SERVICE_LABELS)}


def _goemotions(row: Row) -> Iterator[Example]:
    names = row["labels"]
    targets = {"goemotions": many_hot(names, labels.GOEMOTIONS_LABELS)}
    targets |= _service(labels.GOEMOTIONS_TO_SERVICE[name] for name in names)
    yield Example(row["text"], targets, MAPPED_WEIGHT)


def _brighter(row: Row) -> Iterator[Example]:
    names, grades = row["labels"], row["intensity"].values()
    strongest = [n for n in names if row["intensity"][n] == max(grades)] or [labels.NEUTRAL]
    targets = {
        "brighter": many_hot(names, labels.BRIGHTER_LABELS),
        "intensity": np.array([max(grades) / TOP_INTENSITY], np.float32),
    }
    targets |= _service(labels.BRIGHTER_TO_SERVICE.get(n, labels.NEUTRAL) for n in strongest)
    yield Example(row["text"], targets, MAPPED_WEIGHT)


def _xed(row: Row) -> Iterator[Example]:
    names = row["labels"]
    targets = {"plutchik": many_hot(names, labels.PLUTCHIK_LABELS)}
    targets |= _service(labels.PLUTCHIK_TO_SERVICE[name] for name in names)
    yield Example(row["text"], targets, MAPPED_WEIGHT)


def _stc3(row: Row) -> Iterator[Example]:
    """Teach the annotators' share of dissatisfied votes on customer turns, zero on the helpdesk's.

    The votes judge the whole dialogue, so they are a soft target for how negative a turn is and
    never one service label.
    """
    share = float(row["frac_dissatisfied"])
    for turn in row["turns"]:
        target = np.array([share if turn["sender"] == "customer" else 0.0], np.float32)
        yield Example(turn["text"], {"negative": target}, identity=row["id"])


def _voices(row: Row) -> Iterator[Example]:
    """Teach label and intensity; a neutral message also shows BRIGHTER's head none of its six."""
    targets = {
        "service": many_hot([row["label"]], labels.SERVICE_LABELS),
        "intensity": np.array([row["intensity"] / TOP_INTENSITY], np.float32),
    }
    if row["label"] == labels.NEUTRAL:
        targets["brighter"] = many_hot([], labels.BRIGHTER_LABELS)
    yield Example(row["text"], targets, identity=row["voice"])


SOURCES: Final[Mapping[str, Source]] = {
    "goemotions": Source(_goemotions, "CC BY 4.0"),
    "brighter": Source(_brighter, "CC BY 4.0"),
    "xed": Source(_xed, "CC BY 4.0"),
    "stc3": Source(_stc3, "CC BY 4.0"),
    "voices": Source(_voices, "CC0"),
}
