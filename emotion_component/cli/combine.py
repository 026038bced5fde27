"""`emotion combine`: one model for both languages, made of a model for each."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from emotion_component.classifier import load
from emotion_component.cli import data_options


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("combine", help="make one model of an English and a Chinese one")
    parser.add_argument("english", type=Path, metavar="ENGLISH", help="model folder")
    parser.add_argument("chinese", type=Path, metavar="CHINESE", help="model folder")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--name", default="attune-en-zh", help="what it calls itself")
    data_options.add(parser)
    parser.set_defaults(run=combine)


def combine(options: argparse.Namespace) -> None:
    """Combine and tune on the dev parts of the data."""
    from emotion_component.training import combining

    dev = data_options.assemble(options).dev
    combining.combine(options.english, options.chinese, dev, options.out, options.name)
    print(f"{load(options.out).name} in {options.out}")
