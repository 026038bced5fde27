"""Options that several subcommands share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add `--model`, `--device` and `--json`."""
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    parser.add_argument("--device", default="auto", help="auto, cpu or gpu:N")
    parser.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")


def count(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number above 0. Received: {text}")
    return int(text)
