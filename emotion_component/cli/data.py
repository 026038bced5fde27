"""`emotion data`: fetch the public data sets."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from emotion_component.errors import ConfigurationError


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("data", help="fetch the public data sets that training needs")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="none: all that may train shipped weights"
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="else EMOTION_DATA_DIR")
    parser.add_argument(
        "--from",
        dest="origin",
        type=Path,
        metavar="FOLDER",
        help="published files that you fetched yourself, under their published names",
    )
    parser.add_argument("--force", action="store_true", help="replace what is there")
    parser.add_argument("--list", action="store_true", help="show what there is, fetch nothing")
    parser.set_defaults(run=data)


def data(options: argparse.Namespace) -> None:
    """Fetch what is missing, or show what there is."""
    from emotion_component.datasets import public_data

    unknown = [name for name in options.names if name not in public_data.SETS]
    if unknown:
        raise ConfigurationError(
            f"No public data set `{unknown[0]}`. Known: {', '.join(public_data.SETS)}."
        )
    if options.list:
        _show(options.names or list(public_data.SETS))
        return
    folder = _folder(options)
    names = options.names or [n for n, s in public_data.SETS.items() if not s.by_hand]
    for name in names:
        _provide(name, folder / name, options)
    if options.to and os.environ.get("EMOTION_DATA_DIR") != str(options.to):
        print(f"To train on it: export EMOTION_DATA_DIR={options.to.resolve()}")


def _folder(options: argparse.Namespace) -> Path:
    from emotion_component.datasets.sources import DATA_VARIABLE

    given = options.to or os.environ.get(DATA_VARIABLE)
    if not given:
        raise ConfigurationError(f"Say where to with --to FOLDER, or set {DATA_VARIABLE}.")
    return Path(given)


def _provide(name: str, folder: Path, options: argparse.Namespace) -> None:
    """Fetch one set and say what is there now."""
    from emotion_component.datasets import public_data

    public = public_data.SETS[name]
    if public_data.is_there(public, folder) and not options.force:
        print(f"{name}: already in {folder}")
        return
    for provided in public_data.provide(public, folder, options.origin):
        note = ""
        if provided.expected not in (None, provided.rows):
            note = f", where {provided.expected} trained the shipped weights"
        print(f"{provided.path}: {provided.rows} rows{note}")
    print(f"{name}: {public.licence}; name {public.authors}, {public.home}")


def _show(names: list[str]) -> None:
    """Print where each set is published and under what licence."""
    from emotion_component.datasets import public_data

    for name in names:
        public = public_data.SETS[name]
        print(f"{name}: {public.licence}; {public.authors}; {public.home}")
        for source in public.sources:
            print(f"    {source.name}  {source.url or 'by hand, then --from FOLDER'}")
