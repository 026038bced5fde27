"""Readers of the training and evaluation data.

Each source teaches some heads of the network and says nothing about the others: an `Example`
names only the targets it has. `SOURCES` says under what licence each is published, and whether
weights trained on it may be shipped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from emotion_component import labels
from emotion_component.datasets.jsonl import Row, objects, refuse
from emotion_component.errors import DataMissingError, RowError

DATA_VARIABLE: Final = "EMOTION_DATA_DIR"
DEFAULT_FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "datasets"
# BRIGHTER and the service utterances grade intensity from 0 to 3.
TOP_INTENSITY: Final = 3

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
        licence: What its publishers allow.
        ships: Whether weights trained on it may be shipped.
        blanks: Whether rows without a text were published in it: these are passed over, where
            elsewhere a blank text is a bad row.
    """

    reader: Callable[[Row], Iterable[Example]]
    licence: str
    ships: bool = True
    blanks: bool = False


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
            "brighter/, stc3/ and xed/ as JSON lines; `emotion data --to FOLDER` fetches them."
        )
    return path


def rows(
    path: Path, limit: int | None = None, bad: list[RowError] | None = None
) -> Iterator[tuple[int, Row]]:
    """Read a JSON-lines file of a public source or of service messages.

    Args:
        path: UTF-8 file, one object a line; empty lines are passed over.
        limit: Stop after this many rows.
        bad: Takes lines that cannot be used, and the rest is read; without it the first of them
            ends the reading.

    Yields:
        Line number from 1, and the object, which has a string `text` or a list `turns`.

    Raises:
        DataMissingError: If there is no such file.
        RowError: If a line is no such object and there is no `bad`.
    """
    for number, row in objects(path, limit, bad):
        if isinstance(row.get("text"), str) or isinstance(row.get("turns"), list):
            yield number, row
        else:
            problem = "needs a string `text` or a list `turns`. Received: neither"
            refuse(RowError(path, number, problem), bad)


def read(
    path: Path, source: str, limit: int | None = None, bad: list[RowError] | None = None
) -> list[Example]:
    """Read a file of one source as examples.

    Args:
        path: The file.
        source: A key of `SOURCES`.
        limit: Stop after this many rows.
        bad: Takes rows that cannot be used, and the rest is read; without it the first of them
            ends the reading.

    Raises:
        DataMissingError: If there is no such file.
        RowError: If a row cannot be used and there is no `bad`.
    """
    reader, blanks = SOURCES[source].reader, SOURCES[source].blanks
    examples: list[Example] = []
    for number, row in rows(path, limit, bad):
        if blanks and isinstance(row.get("text"), str) and not row["text"].strip():
            continue
        try:
            found = list(reader(row))
            for example in found:
                check_text(example.text)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            refuse(RowError(path, number, f"not a row of {source}: {error!r}"), bad)
        else:
            examples.extend(found)
    return examples


def check_text(text: object) -> str:
    """Give back a text that a network can learn from.

    Raises:
        ValueError: If it is no string (a missing value is NaN in exports of spreadsheets), blank,
            or holds half a surrogate pair, which UTF-8 cannot write.
    """
    if not isinstance(text, str):
        raise ValueError(f"the text must be a string. Received: {text!r}")
    if not text.strip():
        raise ValueError("the text is blank")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"the text is not valid Unicode: {error.reason}") from error
    return text


def share(value: object, top: float) -> float:
    """Divide a number by the most it can be.

    Raises:
        ValueError: If it is no number from 0 to `top`; NaN is none.
    """
    number = float(value)  # type: ignore[arg-type]  # what it cannot take is what is to be refused
    if not 0 <= number <= top:
        raise ValueError(f"must be a number from 0 to {top:g}. Received: {value!r}")
    return number / top


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
    names = row["labels"]
    grades = {name: share(grade, TOP_INTENSITY) for name, grade in row["intensity"].items()}
    highest = max(grades.values())
    strongest = [name for name in names if grades[name] == highest] or [labels.NEUTRAL]
    targets = {
        "brighter": many_hot(names, labels.BRIGHTER_LABELS),
        "intensity": np.array([highest], np.float32),
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
    dissatisfied = share(row["frac_dissatisfied"], 1)
    for turn in row["turns"]:
        if turn["text"].strip():  # a turn of pictures or emoji alone was published without them
            target = np.array([dissatisfied * (turn["sender"] == "customer")], np.float32)
            yield Example(turn["text"], {"negative": target}, identity=row["id"])


def _voices(row: Row) -> Iterator[Example]:
    """Teach label and intensity; a neutral message also shows BRIGHTER's head none of its six."""
    targets = {
        "service": many_hot([row["label"]], labels.SERVICE_LABELS),
        "intensity": np.array([share(row["intensity"], TOP_INTENSITY)], np.float32),
    }
    if row["label"] == labels.NEUTRAL:
        targets["brighter"] = many_hot([], labels.BRIGHTER_LABELS)
    yield Example(row["text"], targets, identity=row["voice"])


def _smp2020(row: Row) -> Iterator[Example]:
    yield Example(row["text"], _service([_SMP2020_TO_SERVICE[row["label"]]]), MAPPED_WEIGHT)


# Weblog labels as the service labels they are nearest to.
_SMP2020_TO_SERVICE: Final = {
    "angry": "anger",
    "fear": "worry",
    "happy": "joy",
    "neutral": "neutral",
    "sad": "sadness",
    "surprise": "surprise",
}


SOURCES: Final[Mapping[str, Source]] = {
    "goemotions": Source(_goemotions, "CC BY 4.0"),
    "brighter": Source(_brighter, "CC BY 4.0"),
    "xed": Source(_xed, "CC BY 4.0", blanks=True),
    "stc3": Source(_stc3, "CC BY 4.0"),
    "voices": Source(_voices, "CC0"),
    "smp2020": Source(_smp2020, "none stated by the organisers", ships=False, blanks=True),
}
