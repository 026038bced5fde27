"""`emotion predict`: judge texts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

from emotion_component.classifier import Emotion, EmotionModel, load
from emotion_component.cli import options as shared
from emotion_component.serving.remote import DEFAULT_NAME, Server

# Standard input is judged this many lines at a time.
LINES_AT_ONCE: Final = 64
# Nobody's chat waits here, and 64 long lines take a busy server a while.
SERVING_TIMEOUT: Final = 30.0


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("predict", help="judge texts")
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="none: one a line on stdin")
    shared.add_model(parser)
    parser.add_argument(
        "--serving", metavar="URL", help="ask the model of this TensorFlow Serving server"
    )
    parser.add_argument("--serving-model", default=DEFAULT_NAME, help="its name on the server")
    parser.set_defaults(run=predict)


def predict(options: argparse.Namespace) -> None:
    """Judge the texts, in order, as they come."""
    model = load(options.model, options.device, server=_server(options), fall_back=False)
    texts = options.texts or (line.rstrip("\r\n") for line in _input_lines())
    for text, emotion in _judge(model, texts):
        if options.json:
            line = json.dumps({"text": text, **emotion.to_dict()}, ensure_ascii=False)
        else:
            line = _readable(text, emotion)
        # A lone surrogate can be read from the command line, but not be written as UTF-8.
        print(line.encode("utf-8", "replace").decode("utf-8"), flush=True)


def _server(options: argparse.Namespace) -> Server | None:
    if options.serving is None:
        return None
    return Server(options.serving, options.serving_model, SERVING_TIMEOUT)


def _input_lines() -> Iterable[str]:
    """Read standard input as UTF-8, whatever the locale says, and bad bytes as U+FFFD."""
    return (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)


def _judge(model: EmotionModel, texts: Iterable[str]) -> Iterator[tuple[str, Emotion]]:
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == LINES_AT_ONCE:
            yield from zip(waiting, model.predict(waiting), strict=True)
            waiting = []
    yield from zip(waiting, model.predict(waiting), strict=True)


def _readable(text: str, emotion: Emotion) -> str:
    """Lay out one emotion for a reader."""
    if emotion.abstained:
        return f"neutral         abstained                  {text}"
    sure = f"{emotion.confidence:4.0%} sure, intensity {emotion.intensity:.2f}"
    return f"{emotion.name:15} {sure}  {text}"
