"""Options of `emotion train` that say what to train on."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emotion_component.classifier import SHIPPED_WEIGHTS
from emotion_component.cli import options as shared
from emotion_component.datasets import SERVICE_MESSAGES
from emotion_component.errors import BadRowsError, ConfigurationError, DataMissingError

if TYPE_CHECKING:
    from emotion_component.datasets.corpus import Corpus
    from emotion_component.datasets.own_data import OwnData

logger = logging.getLogger(__name__)

# Stands for everything that the shipped weights are trained on.
STANDARD: Final = "standard"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("data")
    group.add_argument(
        "--data",
        action="append",
        metavar="NAME_OR_FILE",
        help="goemotions, brighter, xed, stc3, voices, all of these (standard, which is meant "
        "where there is no --data), smp2020, or a JSON lines or CSV file of yours; may be repeated",
    )
    group.add_argument("--text-column", default="text", metavar="NAME", help="in files of yours")
    group.add_argument("--label-column", default="label", metavar="NAME", help="in files of yours")
    group.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="JSON or YAML: your labels to service labels, to a list of them, or to null",
    )
    group.add_argument(
        "--no-own", action="store_true", help="leave the project's own data/emotion out"
    )
    group.add_argument(
        "--languages", type=_languages, default=("en", "zh"), help="texts in these alone: en,zh"
    )
    group.add_argument("--skip-bad", action="store_true", help="leave out rows that are no use")
    group.add_argument(
        "--research", action="store_true", help="allow data whose weights must not be shipped"
    )
    group.add_argument("--limit", type=shared.count, help="rows read of each file, for a trial")


def _languages(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def assemble(options: argparse.Namespace) -> Corpus:
    """Read and split the data that the options ask for.

    Raises:
        ConfigurationError: If the options contradict each other, or name no data set or file.
        DataError: If the data cannot be used; see `corpus.assemble`.
    """
    from emotion_component.datasets import corpus, sources

    wanted = _wanted(options)
    public = wanted is None or any(isinstance(source, str) for source in wanted)
    own = SERVICE_MESSAGES if SERVICE_MESSAGES.is_dir() and not options.no_own else None
    data = corpus.assemble(
        sources.folder() if public else None,
        own,
        options.limit,
        languages=options.languages,
        sources=wanted,
        research=options.research,
        skip_bad=options.skip_bad,
    )
    if data.skipped:
        logger.warning("%s", BadRowsError(data.skipped, "They are left out."))
    if data.research_only and options.out.resolve() == SHIPPED_WEIGHTS.resolve():
        raise ConfigurationError(
            f"Weights trained on {', '.join(data.sources)} must not be shipped. "
            f"Give another folder than {options.out} with --out."
        )
    return data


def _wanted(options: argparse.Namespace) -> list[str | OwnData] | None:
    """Tell names of data sets from files."""
    from emotion_component.datasets import corpus, mapping, sources
    from emotion_component.datasets.own_data import OwnData

    mapped = mapping.SERVICE if options.mapping is None else mapping.load(options.mapping)
    wanted: list[str | OwnData] = []
    for given in options.data or []:
        if given == STANDARD:
            wanted += corpus.STANDARD
        elif given in sources.SOURCES:
            wanted.append(given)
        elif Path(given).is_file():
            columns = options.text_column, options.label_column
            wanted.append(OwnData(Path(given), *columns, mapped))
        else:
            raise DataMissingError(
                f"--data {given} is neither a file nor a data set. "
                f"Data sets: {', '.join([STANDARD, *sources.SOURCES])}."
            )
    if options.mapping is not None and not any(isinstance(s, OwnData) for s in wanted):
        raise ConfigurationError("--mapping is for a file of yours: name it with --data.")
    return wanted or None
