"""What can go wrong, as a tree.

EmotionError
├── ConfigurationError      a setting is out of its range
├── DeviceError             the device asked for is not there
├── EncoderError            a public encoder cannot be read
├── DataError
│   ├── DataMissingError    a file or the whole data folder is not there
│   ├── FetchError          a public data set cannot be fetched
│   ├── RowError            one line of a data file cannot be used
│   └── BadRowsError        all the lines that cannot be used
├── WeightsError
│   ├── WeightsMissingError a file of the model is not there
│   └── WeightsDamagedError a file of the model is not what was saved
├── ExportError             a model cannot be written for a model server
├── ServingError            a model server does not answer, or not with what it must
│   └── ServedModelError    it serves another model
└── TrainingError           training cannot start or came to nothing

Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

# A reader mends the first rows and sees the pattern; a thousand lines hide the count.
ROWS_SHOWN: Final = 20


class EmotionError(Exception):
    """Base of every error this package raises on purpose."""


class ConfigurationError(EmotionError):
    """A setting is out of its range; the message names it and where to set it."""


class DeviceError(EmotionError):
    """The device asked for does not exist on this machine."""


class EncoderError(EmotionError):
    """A public encoder cannot be read, or is of another architecture."""


class DataError(EmotionError):
    """Training or evaluation data cannot be used."""


class DataMissingError(DataError):
    """A data file or the data folder does not exist."""


class FetchError(DataError):
    """A public data set cannot be fetched, or did not come as its publishers described it."""


class RowError(DataError):
    """One line of a data file cannot be used.

    Args:
        path: The file.
        line: Line number, counted from 1.
        problem: What is wrong and what was received.
    """

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}, line {line}: {problem}")
        self.path = path
        self.line = line


class BadRowsError(DataError):
    """Lines of data files cannot be used.

    Args:
        rows: All of them, at least one; the message shows the first `ROWS_SHOWN`.
        remedy: A sentence on what to do.
    """

    def __init__(self, rows: Sequence[RowError], remedy: str) -> None:
        count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        lines = [f"{count} cannot be used. {remedy}", *map(str, rows[:ROWS_SHOWN])]
        if len(rows) > ROWS_SHOWN:
            lines.append(f"and {len(rows) - ROWS_SHOWN} more")
        super().__init__("\n  ".join(lines))
        self.rows = tuple(rows)


class WeightsError(EmotionError):
    """A model folder cannot be loaded."""


class WeightsMissingError(WeightsError):
    """A file of the model does not exist."""


class WeightsDamagedError(WeightsError):
    """A file of the model is not the one that was saved."""


class ExportError(EmotionError):
    """A model cannot be written for a model server."""


class ServingError(EmotionError):
    """A model server cannot be reached in time, or its answer cannot be used."""


class ServedModelError(ServingError):
    """A model server serves another model than the one whose labels are in use."""


class TrainingError(EmotionError):
    """Training cannot start, or ended without a usable model."""
