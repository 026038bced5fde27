"""The peer's end of the pipe: `python -m benchmarks.peers.worker NAME`, in the peers' environment.

Writes its versions once it is ready, then answers each line `{"do": "time", "texts": [...]}` with
milliseconds, and `{"do": "pieces", ...}` with counts. Imports nothing of Attune's.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from benchmarks.timing import milliseconds


class Reader(NamedTuple):
    """A peer that is ready.

    Attributes:
        read: Judges one text; what it gives is not looked at.
        pieces: Counts the pieces that a text is read as.
        packages: Distributions whose versions belong in the report.
    """

    read: Callable[[str], object]
    pieces: Callable[[str], int]
    packages: tuple[str, ...]


def main() -> None:
    """Build the peer, then answer until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=["roberta", "roberta_int8", "minilm", "vader"])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--weights", default="")
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    # Libraries that greet on standard output must not break the protocol.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    reader = _reader(given)
    print(json.dumps({name: metadata.version(name) for name in reader.packages}), file=answers)
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "time":
            found: list[float] = milliseconds(reader.read, asked["texts"])
        else:
            found = [reader.pieces(text) for text in asked["texts"]]
        print(json.dumps(found), file=answers)


def _reader(given: argparse.Namespace) -> Reader:
    """Build the peer that is asked for."""
    if given.name == "vader":
        return _vader()
    from benchmarks.peers import encoders

    with given.corpus.open(encoding="utf-8") as lines:
        corpus = [json.loads(line) for line in lines]
    encoder = encoders.build(given.name, given.weights, corpus, given.folder)
    packages = ("transformers", "onnxruntime" if given.name == "roberta_int8" else "torch")
    return Reader(encoder.read, encoder.pieces, packages)


def _vader() -> Reader:
    """Give the rules of Hutto and Gilbert 2014, https://ojs.aaai.org/index.php/ICWSM/article/view/14550."""
    rules = importlib.import_module("vaderSentiment.vaderSentiment")
    return Reader(
        rules.SentimentIntensityAnalyzer().polarity_scores, lambda text: 0, ("vaderSentiment",)
    )


if __name__ == "__main__":
    main()
