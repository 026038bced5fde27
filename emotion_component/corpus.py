"""What is trained on, what is tuned on, and what is kept apart for the report.

Splits are by hash of an identity, so that they stay the same when data are added: by voice for
service messages (a writer's turns of phrase never stand on both sides), by dialogue for STC-3
(whose two languages share ids), by text for XED. GoEmotions and BRIGHTER bring their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from emotion_component.datasets import Example, read
from emotion_component.errors import ConfigurationError, TrainingError
from emotion_component.language import Language, detect

# Twentieths of the identities.
TEST_SHARE: Final = 4
DEV_SHARE: Final = 3
# A thousand written messages stand beside a hundred thousand rows from elsewhere, and are the
# only ones that show complaints without an emotion word: they are shown this often an epoch.
SERVICE_REPEATS: Final = 3
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
# Files of one language say so in their names: `en_train`, `voices_zh_b`, `zh`.
_LANGUAGE_IN_NAME: Final = re.compile(r"(?:^|_)(en|zh)(?:_|$)")


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


def assemble(
    folder: Path,
    service_folder: Path | None = None,
    limit: int | None = None,
    *,
    languages: Collection[Language] = LANGUAGES,
) -> Corpus:
    """Read every source and split it.

    Args:
        folder: Holds `goemotions/`, `brighter/`, `xed/`, `stc3/` and `voices/`.
        service_folder: Further service messages of the project's own, `*.jsonl`; `None` for none.
        limit: Read at most this many rows of each file; for trials.
        languages: Keep texts in these. A file that names its language (all but GoEmotions', which
            is English, do) is kept or left out whole; elsewhere each text is judged by its script,
            and one that shows no language, such as a lone emoji, is kept.

    Raises:
        ConfigurationError: If `languages` is empty or holds a language there are no data in.
        DataMissingError: If a file is not there.
        RowError: If a row cannot be used, with file and line.
        TrainingError: If nothing is left to train or tune on.
    """
    if not languages or not set(languages) <= set(LANGUAGES):
        raise ConfigurationError(
            f"`languages` must name some of {', '.join(LANGUAGES)}. "
            f"Received: {', '.join(languages) or 'none'}."
        )
    corpus = Corpus()

    def load(path: Path, source: str) -> list[Example]:
        return _in_languages(path, source, languages, limit)

    _add_official(corpus, folder, load)
    for name in ("en", "zh", "en_neutral"):
        _add_split(corpus, "xed", load(folder / f"xed/{name}.jsonl", "xed"), _text)
    for name in ("en", "zh"):
        _add_split(corpus, "stc3", load(folder / f"stc3/{name}.jsonl", "stc3"), _identity)
    paths = [folder / f"voices/{name}_sample.jsonl" for name in ("en", "zh")]
    paths += sorted(service_folder.glob("*.jsonl")) if service_folder else []
    for path in paths:
        _add_service(corpus, load(path, "voices"))
    if not corpus.train or not corpus.dev.get("service"):
        raise TrainingError(f"Too few rows under {folder} to train on and to tune on.")
    return corpus


def _in_languages(
    path: Path, source: str, languages: Collection[Language], limit: int | None
) -> list[Example]:
    """Read those rows of a file that are in one of the languages."""
    found = _LANGUAGE_IN_NAME.search(path.stem)
    known = found.group(1) if found else "en" if source == "goemotions" else None
    if known:
        return read(path, source, limit) if known in languages else []
    spoken = {*languages, None}
    return [example for example in read(path, source, limit) if detect(example.text) in spoken]


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


def _add_official(corpus: Corpus, folder: Path, load: Callable[[Path, str], list[Example]]) -> None:
    """Add the sources that come with splits of their own."""
    for source, stems in (("goemotions", [""]), ("brighter", ["en_", "zh_"])):
        for stem in stems:
            corpus.train += load(folder / f"{source}/{stem}train.jsonl", source)
            dev = load(folder / f"{source}/{stem}dev.jsonl", source)
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
