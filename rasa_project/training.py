"""Trains the Rasa model with a progress bar, by the plain `rasa train` in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ruamel.yaml import YAML
from tqdm import tqdm

from rasa_project.settings import Settings

_STARTED = re.compile(r"Starting to train component '(?P<name>\w+)'")
_EPOCHS = re.compile(r"Epochs:\s+(?P<percent>\d+)%")
_EPOCH_WEIGHT = 10.0  # a network takes about ten times what a table or a regex component takes
_LAST_LINES = 15


class TrainingError(Exception):
    """`rasa train` failed; the message holds its last lines and where the rest is."""


def has_model(settings: Settings) -> bool:
    """Say whether a trained model is there."""
    return any(settings.models.glob("*.tar.gz"))


def train(settings: Settings) -> None:
    """Train the project's model and show how far it is.

    Raises:
        TrainingError: Rasa ended with an error or left no model.
    """
    log = settings.logs / "train.log"
    command = [sys.executable, "-m", "rasa", "train", "--out", str(settings.models)]
    bar = tqdm(total=100, desc="Training the assistant", unit="%", bar_format=_BAR, leave=True)
    with bar, log.open("w", encoding="utf-8") as kept:
        progress = Progress(component_weights(settings.project / "config.yml"))
        with subprocess.Popen(
            command, cwd=settings.project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout is not None
            for line in _lines(process.stdout):
                kept.write(line + "\n")
                _show(bar, progress.percent(line))
        if process.returncode == 0:
            _show(bar, 100.0)
    if process.returncode != 0 or not has_model(settings):
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-_LAST_LINES:])
        raise TrainingError(f"`rasa train` failed. Its last words (all of them: {log}):\n{tail}")


_BAR = "{desc} {bar} {percentage:3.0f} %  {elapsed}"


class Progress:
    """Reads from Rasa's log how much of the training is done.

    Args:
        weights: Components in the order of `config.yml`, each with its share of the work.
    """

    def __init__(self, weights: list[tuple[str, float]]) -> None:
        self._weights = weights
        self._total = sum(weight for _, weight in weights) or 1.0
        self._index = -1

    def percent(self, line: str) -> float:
        """Return how much is done after this line of the log, 0 to 100."""
        if started := _STARTED.search(line):
            names = [name for name, _ in self._weights]
            later = [i for i in range(self._index + 1, len(names)) if names[i] == started["name"]]
            self._index = later[0] if later else self._index
        fraction = 0.0
        if epochs := _EPOCHS.search(line):
            fraction = int(epochs["percent"]) / 100
        before = sum(weight for _, weight in self._weights[: max(self._index, 0)])
        now = self._weights[self._index][1] * fraction if self._index >= 0 else 0.0
        return 100 * (before + now) / self._total


def component_weights(config: Path) -> list[tuple[str, float]]:
    """Return (class name, share of the work) of each component in `config.yml`, in its order."""
    content: dict[str, Any] = YAML(typ="safe").load(config.read_text(encoding="utf-8"))
    entries = (content.get("pipeline") or []) + (content.get("policies") or [])
    return [
        (entry["name"].rsplit(".", 1)[-1], _EPOCH_WEIGHT if "epochs" in entry else 1.0)
        for entry in entries
    ]


def _show(bar: tqdm[Any], percent: float) -> None:
    """Move the bar forward, never back."""
    bar.update(max(0.0, percent - bar.n))


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield the stream's lines as they come; a progress bar's carriage return ends one too."""
    rest = b""
    while chunk := stream.read1(4096):  # type: ignore[attr-defined]  # the pipe is a BufferedReader
        *whole, rest = re.split(rb"[\r\n]+", rest + chunk)
        yield from (line.decode("utf-8", "replace") for line in whole)
    if rest:
        yield rest.decode("utf-8", "replace")
