"""What can go wrong, as a tree.

EmotionError
├── ConfigurationError      a setting is out of its range
├── DeviceError             the device asked for is not there
├── EncoderError            a public encoder cannot be read
├── DataError
│   ├── DataMissingError    a file or the whole data folder is not there
│   └── RowError            one line of a data file cannot be used
├── WeightsError
│   ├── WeightsMissingError a file of the model is not there
│   └── WeightsDamagedError a file of the model is not what was saved
└── TrainingError           training cannot start or came to nothing

Standard library only.
"""

from __future__ import annotations

from pathlib import Path


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


class WeightsError(EmotionError):
    """A model folder cannot be loaded."""


class WeightsMissingError(WeightsError):
    """A file of the model does not exist."""


class WeightsDamagedError(WeightsError):
    """A file of the model is not the one that was saved."""


class TrainingError(EmotionError):
    """Training cannot start, or ended without a usable model."""
