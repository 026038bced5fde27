"""`emotion export`: write a model for TensorFlow Serving."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from emotion_component.cli import options as shared


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("export", help="write a model for TensorFlow Serving")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder that the server watches")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    parser.add_argument("--name", default="emotion", help="the model's name on the server")
    parser.add_argument("--version", type=shared.count, help="its number; else the next one")
    parser.add_argument(
        "--no-warm-up",
        action="store_true",
        help="leave out the requests that a server runs before it opens",
    )
    parser.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")
    parser.set_defaults(run=export)


def export(options: argparse.Namespace) -> None:
    """Write the version and say where it is and how it is served."""
    from emotion_component.serving import exporting

    done = exporting.export(
        options.out,
        options.model,
        name=options.name,
        version=options.version,
        warm_up=not options.no_warm_up,
    )
    if options.json:
        written = {"path": str(done.path), "name": done.name, "version": done.version}
        print(json.dumps({**written, "model": done.model}, ensure_ascii=False))
        return
    print(f"{done.model} written to {done.path}.")
    print(f"Serve it: tensorflow_model_server --rest_api_port=8501 --model_name={done.name} \\")
    print(f"    --model_base_path={done.path.parent.resolve()}")
