"""Scoring a whole table: read, judge, write, in constant memory, and go on after a kill.

Two passes. The first judges and writes every judgement to a journal beside the result; this is
the one that takes long, and `resume` goes on where it ended. The second joins the input with the
journal, and moves the whole result to its place in one step.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from emotion_component import labels
from emotion_component.classifier import Emotion, EmotionModel
from emotion_component.digest import sha256
from emotion_component.errors import ConfigurationError, DataError
from emotion_component.scoring.journal import Entry, Journal
from emotion_component.scoring.summary import Summary
from emotion_component.scoring.table_readers import Record, TableReader, kind_of, open_reader
from emotion_component.scoring.table_writers import open_writer

# Enough for a GPU, and few enough for a progress bar that moves on one core.
BATCH: Final = 512
# What is written at a time; a row group of Parquet.
ROWS_WRITTEN: Final = 8_192
PREFIX: Final = "emotion_"
# Field of a judgement -> the kind of its column. The label's own column is plain `emotion`.
FIELDS: Final = {
    "name": "text",
    "confidence": "float",
    "intensity": "float",
    "valence": "float",
    "arousal": "float",
    "language": "text",
    "abstained": "bool",
    "negative": "float",
}
# Where no column is named, the first of these, in any case.
TEXT_COLUMNS: Final = (
    "text",
    "message",
    "body",
    "content",
    "utterance",
    "comment",
    "文本",
    "内容",
    "消息",
    "留言",
)


@dataclass(frozen=True)
class Job:
    """What to score.

    Attributes:
        source: CSV, JSON lines or Parquet.
        out: Where to, by suffix one of the same three.
        text_column: `None` for one of `TEXT_COLUMNS`, or the only one.
        time_column: When messages were written, for the summary.
        encoding: Of a CSV file that is not UTF-8.
        batch: Texts judged in one call.
        resume: Go on where an earlier run of the same job was cut off.
    """

    source: Path
    out: Path
    text_column: str | None = None
    time_column: str | None = None
    encoding: str | None = None
    batch: int = BATCH
    resume: bool = False

    @property
    def journal(self) -> Path:
        """Where judgements are kept until the result is whole."""
        return self.out.with_name(self.out.name + ".journal")


def column_of(name: str) -> str:
    """Name the column that a field of a judgement is written to."""
    return "emotion" if name == "name" else PREFIX + name


def score(model: EmotionModel, job: Job) -> Summary:
    """Score every row of a table.

    The result holds the input's columns and those of `FIELDS`; rows that cannot be scored are
    left out and counted. It appears under its name only when it is whole.

    Args:
        model: A loaded model.
        job: What to score.

    Returns:
        What the table shows as a whole. The journal is still there: call `finish` when nothing
        of the summary is needed any more.

    Raises:
        DataError: If the table cannot be read, or changes meanwhile.
        ConfigurationError: If a setting does not fit the table, or the result is there already.
        OSError: If the result cannot be written.
    """
    _check_out(job)
    reader = open_reader(job.source, job.encoding)
    column = text_column(reader, job)
    identity = {
        # A row added or changed since would put judgements beside wrong rows.
        "input": sha256(job.source),
        "encoding": job.encoding,
        "text column": column,
        "model": model.fingerprint,
    }
    journal = Journal(job.journal, identity, job.resume)
    try:
        _judge_all(model, reader, column, journal, job.batch)
        return _join(reader, column, journal, job)
    finally:
        journal.close()


def finish(job: Job) -> None:
    """Remove what was kept for going on."""
    job.journal.unlink(missing_ok=True)


def _check_out(job: Job) -> None:
    kind_of(job.out)
    if job.out.exists() and job.source.exists() and job.out.samefile(job.source):
        raise ConfigurationError(f"--out {job.out} is the input itself. Name another file.")
    if job.out.exists() and not job.journal.exists():
        raise ConfigurationError(f"{job.out} is there already. Remove it, or name another --out.")
    if not job.out.parent.is_dir():
        raise ConfigurationError(f"--out {job.out}: there is no folder {job.out.parent}.")


def text_column(reader: TableReader, job: Job) -> str:
    """Find the column that holds the messages, and check the others that matter.

    Raises:
        DataError: If the table holds no rows.
        ConfigurationError: If a named column is not there, none can be told, or the table has a
            column that would be added.
    """
    known = ", ".join(reader.columns) or "none"
    if not reader.total:
        raise DataError(f"{job.source} holds no rows to score.")
    for flag, name in (("--text-column", job.text_column), ("--time-column", job.time_column)):
        if name is not None and name not in reader.columns:
            raise ConfigurationError(f"{job.source} has no {flag} {name}. Its columns: {known}.")
    taken = [column for column in map(column_of, FIELDS) if column in reader.columns]
    if taken:
        raise ConfigurationError(
            f"{job.source} has columns that would be added: {', '.join(taken)}. Rename them."
        )
    if job.text_column is not None:
        return job.text_column
    usual = {column.strip().lower(): column for column in reversed(reader.columns)}
    found = next((usual[name] for name in TEXT_COLUMNS if name in usual), None)
    if found is None and len(reader.columns) == 1:
        found = reader.columns[0]
    if found is None:
        raise ConfigurationError(
            f"Which column of {job.source} holds the messages? Name it with --text-column. "
            f"Its columns: {known}."
        )
    return found


def _judge_all(
    model: EmotionModel, reader: TableReader, column: str, journal: Journal, batch: int
) -> None:
    """Judge the records that the journal does not hold yet."""
    left = itertools.islice(reader.records(), journal.done, None)
    with tqdm(
        total=reader.total, initial=journal.done, unit=" rows", desc="scoring", file=sys.stderr
    ) as bar:
        for records in _parts(left, batch):
            journal.append(_judge(model, records, column))
            bar.update(len(records))


def _parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Cut into lists of `size`, the last one shorter."""
    remaining = iter(items)
    while part := list(itertools.islice(remaining, size)):
        yield part


def _judge(model: EmotionModel, records: Sequence[Record], column: str) -> list[Entry]:
    """Judge one batch; texts of like length go together, which spares padding."""
    entries: list[Entry] = []
    texts: list[tuple[int, str]] = []
    for at, record in enumerate(records):
        problem = record.problem
        value = (record.values or {}).get(column)
        if problem is None and not isinstance(value, str):
            problem = f"needs text in `{column}`. Received: {_short(value)}"
        if problem is None:
            texts.append((at, str(value)))
        entries.append({"row": record.number, "problem": problem})
    texts.sort(key=lambda pair: len(pair[1]))
    emotions = model.predict([text for _, text in texts])
    for (at, _), emotion in zip(texts, emotions, strict=True):
        entries[at] = {"row": records[at].number, **fields(emotion)}
    return entries


def _short(value: Any) -> str:
    return "nothing" if value is None else repr(value)[:40]


def fields(emotion: Emotion) -> dict[str, Any]:
    """Give the judgement as the fields of `FIELDS`; no negative score where nothing was judged."""
    given = {name: getattr(emotion, name) for name in FIELDS if name != "negative"}
    negative = sum(emotion.scores.get(name, 0.0) for name in labels.NEGATIVE)
    return {**given, "negative": round(negative, 4) if emotion.scores else None}


def _join(reader: TableReader, column: str, journal: Journal, job: Job) -> Summary:
    """Write input and judgements side by side, and sum them up."""
    part = job.out.with_name(job.out.name + ".part")
    kinds = {column_of(name): kind for name, kind in FIELDS.items()}
    writer = open_writer(part, job.out, reader, kinds)
    summary = Summary()
    try:
        for rows in _parts(_scored(reader, column, journal, job, summary), ROWS_WRITTEN):
            writer.write(rows)
    finally:
        writer.close()
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(job.out)
    return summary


def _scored(
    reader: TableReader, column: str, journal: Journal, job: Job, summary: Summary
) -> Iterator[dict[str, Any]]:
    """Give each scored row with its judgement, and tell the summary of every row."""
    pairs = itertools.zip_longest(reader.records(), journal.entries())
    for record, entry in pairs:
        if record is None or entry is None or record.number != entry["row"]:
            raise DataError(f"{job.source} changed while it was scored. Start again.")
        if entry.get("problem"):
            summary.skip(record.number, entry["problem"])
            continue
        values = record.values or {}
        summary.add(record.number, values[column], entry)
        if job.time_column is not None:
            summary.time(values.get(job.time_column), entry)
        yield {**values, **{column_of(name): entry[name] for name in FIELDS}}
