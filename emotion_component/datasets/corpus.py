"""What is trained on, what is tuned on, and what is kept apart for the report.

Splits are by hash of an identity, so that they stay the same when data are added: by voice for
service messages (a writer's turns of phrase never stand on both sides), by dialogue for STC-3
(whose two languages share ids), by text for XED and for the user's own files where they name no
voice. GoEmotions, BRIGHTER and SMP2020 bring their own.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from emotion_component.datasets import own_data
from emotion_component.datasets.own_data import OwnData
from emotion_component.datasets.sources import SOURCES, Example, read
from emotion_component.errors import BadRowsError, ConfigurationError, RowError, TrainingError
from emotion_component.language import LANGUAGES, Language, detect

logger = logging.getLogger(__name__)

# Twentieths of the identities.
TEST_SHARE: Final = 4
DEV_SHARE: Final = 3
# A few thousand written messages stand beside ten times as many rows from elsewhere, and are the
# only ones that show complaints without an emotion word: they are shown this often an epoch.
SERVICE_REPEATS: Final = 2
# Of turns in STC-3 with no dissatisfied vote, mostly the helpdesk's, this share trains: in
# twentieths. All of them would drown those that show what a complaint is.
CONTENT_TURNS_SHARE: Final = 8
# What the shipped weights are trained on, beside the project's own service messages.
STANDARD: Final = ("goemotions", "brighter", "xed", "stc3", "voices")
# Sources that come with splits of their own, and the beginnings of their files' names.
_SPLIT_BY_PUBLISHER: Final = {
    "goemotions": ("",),
    "brighter": ("en_", "zh_"),
    "smp2020": ("",),
}
_LANGUAGE_OF_SOURCE: Final = {"goemotions": "en", "smp2020": "zh"}
# Files of one language say so in their names: `en_train`, `voices_zh_b`, `zh`.
_LANGUAGE_IN_NAME: Final = re.compile(r"(?:^|_)(en|zh)(?:_|$)")


@dataclass
class Corpus:
    """Examples by use.

    Attributes:
        train: What the network sees, service messages repeated.
        dev: Source name to examples for early stopping, thresholds and temperature. `service`
            holds messages with a service label: those by voices kept for it, or, where no service
            messages were asked for, whatever dev examples of other sources map to one.
        test: Service messages by voices that neither training nor tuning has seen.
        sources: What was read, by name or file name.
        languages: What it was asked to hold.
        skipped: Rows that could not be used and were left out.
    """

    train: list[Example] = field(default_factory=list)
    dev: dict[str, list[Example]] = field(default_factory=dict)
    test: list[Example] = field(default_factory=list)
    sources: tuple[str, ...] = ()
    skipped: list[RowError] = field(default_factory=list)
    languages: tuple[Language, ...] = LANGUAGES

    @property
    def research_only(self) -> bool:
        """Whether a source forbids shipping what is trained on it."""
        return any(name in SOURCES and not SOURCES[name].ships for name in self.sources)

    def card(self) -> dict[str, Any]:
        """Give the entries of `model.json`: which data, rows skipped, whether it may be shipped."""
        entries: dict[str, Any] = {"data": list(self.sources), "rows_skipped": len(self.skipped)}
        return entries | ({"research_only": True} if self.research_only else {})


def assemble(
    folder: Path | None,
    service_folder: Path | None = None,
    limit: int | None = None,
    *,
    languages: Collection[Language] = LANGUAGES,
    sources: Sequence[str | OwnData] | None = None,
    research: bool = False,
    skip_bad: bool = False,
) -> Corpus:
    """Read every source and split it.

    Args:
        folder: Holds a folder for each public source, such as `goemotions/`; `None` where none is
            asked for.
        service_folder: Further service messages of the project's own, `*.jsonl`; `None` for none.
        limit: Read at most this many rows of each file; for trials.
        languages: Keep texts in these. A file that names its language, and those of GoEmotions
            and SMP2020, are kept or left out whole; elsewhere each text is judged by its script,
            and one that shows no language, such as a lone emoji, is kept.
        sources: Keys of `sources.SOURCES` and files of the user's own; `None` is `STANDARD`, of
            which `voices` may be missing.
        research: Allow sources whose publishers do not let weights be shipped.
        skip_bad: Leave rows that cannot be used out, and list them in `Corpus.skipped`.

    Raises:
        ConfigurationError: If `languages` is empty or holds a language there are no data in, or
            a source is unknown or not allowed.
        DataError: If a file is not there, is empty, or is labelled in unknown labels.
        BadRowsError: If rows cannot be used, with file and line of each, unless `skip_bad`.
        TrainingError: If nothing is left to train or tune on.
    """
    if not languages or not set(languages) <= set(LANGUAGES):
        raise ConfigurationError(
            f"`languages` must name some of {', '.join(LANGUAGES)}. "
            f"Received: {', '.join(languages) or 'none'}."
        )
    chosen = _chosen(folder, sources, research)
    names = [source if isinstance(source, str) else source.path.name for source in chosen]
    if service_folder:
        names.append(f"{service_folder.parent.name}/{service_folder.name}")
    corpus = Corpus(
        sources=tuple(dict.fromkeys(names)),
        languages=tuple(name for name in LANGUAGES if name in languages),
    )
    reading = _Reading(languages, limit, corpus.skipped)
    for source in dict.fromkeys(chosen):
        if isinstance(source, OwnData):
            _add_service(corpus, reading.own(source))
        else:
            _add_public(corpus, source, folder, reading)
    for path in sorted(service_folder.glob("*.jsonl")) if service_folder else []:
        _add_service(corpus, reading.file(path, "voices"))
    if corpus.skipped and not skip_bad:
        raise BadRowsError(corpus.skipped, "Mend them, or leave them out with --skip-bad.")
    if not corpus.dev.get("service"):
        mapped = [e for part in corpus.dev.values() for e in part if "service" in e.targets]
        corpus.dev["service"] = mapped
    if not corpus.train or not corpus.dev["service"]:
        raise TrainingError(
            f"Too few rows in {', '.join(names) or 'no data'} to train on and to tune on."
        )
    return corpus


def _chosen(
    folder: Path | None, sources: Sequence[str | OwnData] | None, research: bool
) -> Sequence[str | OwnData]:
    """Check the sources asked for, or give the standard ones that are there."""
    if sources is None:
        if folder and not (folder / "voices").is_dir():
            logger.info(
                "No %s: trained without its samples of service messages.", folder / "voices"
            )
            return tuple(name for name in STANDARD if name != "voices")
        return STANDARD
    for name in sources:
        if isinstance(name, str) and name not in SOURCES:
            raise ConfigurationError(f"No data set `{name}`. Known: {', '.join(SOURCES)}.")
        if isinstance(name, str) and not SOURCES[name].ships and not research:
            raise ConfigurationError(
                f"Weights trained on `{name}` must not be shipped (licence: "
                f"{SOURCES[name].licence}). --research trains on it all the same."
            )
    return sources


@dataclass(frozen=True)
class _Reading:
    """How files are read: which languages, how many rows, and where bad rows are noted."""

    languages: Collection[Language]
    limit: int | None
    bad: list[RowError]

    def file(self, path: Path, source: str) -> list[Example]:
        """Read those rows of a public source's file that are in one of the languages."""
        found = _LANGUAGE_IN_NAME.search(path.stem)
        known = found.group(1) if found else _LANGUAGE_OF_SOURCE.get(source)
        if known and known not in self.languages:
            return []
        examples = read(path, source, self.limit, self.bad)
        return examples if known else self._spoken(examples)

    def own(self, data: OwnData) -> list[Example]:
        """Read those rows of the user's own file that are in one of the languages."""
        return self._spoken(own_data.read(data, self.limit, self.bad))

    def _spoken(self, examples: list[Example]) -> list[Example]:
        wanted = {*self.languages, None}
        return [example for example in examples if detect(example.text) in wanted]


def fold(identity: str) -> str:
    """Assign an identity to `train`, `dev` or `test`, always the same way."""
    digest = _twentieth(identity)
    if digest < TEST_SHARE:
        return "test"
    return "dev" if digest < TEST_SHARE + DEV_SHARE else "train"


def _twentieth(identity: str) -> int:
    """Assign a string a number from 0 to 19, always the same."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big") % 20


def _text(example: Example) -> str:
    return example.text


def _identity(example: Example) -> str:
    return example.identity


def _add_public(corpus: Corpus, source: str, folder: Path | None, reading: _Reading) -> None:
    """Add one of the public sources."""
    if folder is None:
        raise ConfigurationError(f"`{source}` needs the folder of public data sets.")

    def load(stem: str) -> list[Example]:
        return reading.file(folder / source / f"{stem}.jsonl", source)

    if source in _SPLIT_BY_PUBLISHER:
        for stem in _SPLIT_BY_PUBLISHER[source]:
            corpus.train += load(f"{stem}train")
            corpus.dev.setdefault(source, []).extend(load(f"{stem}dev"))
    elif source == "voices":
        for stem in ("en_sample", "zh_sample"):
            _add_service(corpus, load(stem))
    else:
        stems = ("en", "zh", "en_neutral") if source == "xed" else ("en", "zh")
        for stem in stems:
            _add_split(corpus, source, load(stem), _text if source == "xed" else _identity)


def _add_split(
    corpus: Corpus, source: str, examples: Iterable[Example], key: Callable[[Example], str]
) -> None:
    """Split a source that has no test of its own in train and dev; what hashes to test trains."""
    for example in examples:
        if fold(key(example)) == "dev":
            corpus.dev.setdefault(source, []).append(example)
        elif not _is_content(example) or _twentieth(example.text) < CONTENT_TURNS_SHARE:
            corpus.train.append(example)


def _is_content(example: Example) -> bool:
    """Tell whether all votes say that nobody is dissatisfied."""
    return "negative" in example.targets and not example.targets["negative"].any()


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
