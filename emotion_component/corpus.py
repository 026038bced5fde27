"""What is trained on, what is tuned on, and what is kept apart for the report.

Splits are by hash of an identity, so that they stay the same when data are added: by voice for
service messages (a writer's turns of phrase never stand on both sides), by dialogue for STC-3
(whose two languages share ids), by text for XED. GoEmotions and BRIGHTER bring their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from emotion_component.datasets import Example, read
from emotion_component.errors import TrainingError

# Twentieths of the identities.
TEST_SHARE: Final = 4
DEV_SHARE: Final = 3
# A thousand written messages stand beside a hundred thousand rows from elsewhere, and are the
# only ones that show complaints without an emotion word: they are shown this often an epoch.
SERVICE_REPEATS: Final = 3


@dataclass
class Corpus:
    """Examples by use.

    Attributes:
        train: What the network sees, service messages repeated.
        dev: Source name to examples for early stopping, thresholds and temperature.
        test: Service messages by voices that neither training nor tuning has seen.
    """

    train: list[Example] = field(default_factory=list)
    dev: dict[str, list[Example]] = field(default_factory=dict)
    test: list[Example] = field(default_factory=list)


def assemble(folder: Path, service_folder: Path | None = None, limit: int | None = None) -> Corpus:
    """Read every source and split it.

    Args:
        folder: Holds `goemotions/`, `brighter/`, `xed/`, `stc3/` and `voices/`.
        service_folder: Further service messages of the project's own, `*.jsonl`; `None` for none.
        limit: Read at most this many rows of each file; for trials.

    Raises:
        DataMissingError: If a file is not there.
        RowError: If a row cannot be used, with file and line.
        TrainingError: If nothing is left to train or tune on.
    """
    corpus = Corpus()
    _add_official(corpus, folder, limit)
    for name in ("en", "zh", "en_neutral"):
        _add_split(corpus, "xed", read(folder / f"xed/{name}.jsonl", "xed", limit), _text)
    for name in ("en", "zh"):
        _add_split(corpus, "stc3", read(folder / f"stc3/{name}.jsonl", "stc3", limit), _identity)
    paths = [folder / f"voices/{name}_sample.jsonl" for name in ("en", "zh")]
    paths += sorted(service_folder.glob("*.jsonl")) if service_folder else []
    for path in paths:
        _add_service(corpus, read(path, "voices", limit))
    if not corpus.train or not corpus.dev.get("service"):
        raise TrainingError(f"Too few rows under {folder} to train on and to tune on.")
    return corpus


def fold(identity: str) -> str:
    """Assign an identity to `train`, `dev` or `test`, always the same way."""
    digest = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big") % 20
    if digest < TEST_SHARE:
        return "test"
    return "dev" if digest < TEST_SHARE + DEV_SHARE else "train"


def _text(example: Example) -> str:
    return example.text


def _identity(example: Example) -> str:
    return example.identity


def _add_official(corpus: Corpus, folder: Path, limit: int | None) -> None:
    """Add the sources that come with splits of their own."""
    for source, stems in (("goemotions", [""]), ("brighter", ["en_", "zh_"])):
        for stem in stems:
            corpus.train += read(folder / f"{source}/{stem}train.jsonl", source, limit)
            dev = read(folder / f"{source}/{stem}dev.jsonl", source, limit)
            corpus.dev.setdefault(source, []).extend(dev)


def _add_split(
    corpus: Corpus, source: str, examples: Iterable[Example], key: Callable[[Example], str]
) -> None:
    """Split a source that has no test of its own in train and dev; what hashes to test trains."""
    for example in examples:
        if fold(key(example)) == "dev":
            corpus.dev.setdefault(source, []).append(example)
        else:
            corpus.train.append(example)


def _add_service(corpus: Corpus, examples: Iterable[Example]) -> None:
    """Split service messages by voice and repeat those that train."""
    for example in examples:
        part = fold(example.identity)
        if part == "train":
            corpus.train += [example] * SERVICE_REPEATS
        elif part == "dev":
            corpus.dev.setdefault("service", []).append(example)
        else:
            corpus.test.append(example)
