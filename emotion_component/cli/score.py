"""`emotion score`: judge every message of a table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from emotion_component.classifier import load
from emotion_component.cli import options as shared
from emotion_component.errors import ConfigurationError, DataError
from emotion_component.scoring.job import BATCH, Job, finish, score
from emotion_component.scoring.summary import ABSTAINED, Summary


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("score", help="judge every message of a table")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, JSON lines or Parquet")
    parser.add_argument("--out", type=Path, metavar="FILE", help="else FILE with .scored in it")
    parser.add_argument("--text-column", metavar="NAME", help="else `text`, `message`, ...")
    parser.add_argument("--time-column", metavar="NAME", help="for the spread over time")
    parser.add_argument("--encoding", metavar="NAME", help="of a CSV file that is not UTF-8")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a summary for people")
    parser.add_argument("--batch", type=shared.count, default=BATCH, help="texts in one call")
    parser.add_argument("--resume", action="store_true", help="go on after a run was cut off")
    shared.add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Score the table, then say what it shows."""
    source: Path = options.file
    job = Job(
        source,
        options.out or source.with_name(f"{source.stem}.scored{source.suffix}"),
        options.text_column,
        options.time_column,
        options.encoding,
        options.batch,
        options.resume,
    )
    if not source.is_file():  # before the model is loaded, which takes seconds
        raise DataError(f"No file at {source}.")
    try:
        model = load(options.model, options.device)
        summary = score(model, job)
        if options.html:
            _write_page(options.html, summary, job, model.name)
        finish(job)
    except OSError as error:
        raise ConfigurationError(
            f"Cannot write {error.filename or job.out}: {error.strerror}. What is scored so far is "
            "kept: mend it and give the same command with --resume."
        ) from error
    except KeyboardInterrupt:
        print("emotion: stopped. The same command with --resume goes on.", file=sys.stderr)
        raise SystemExit(130) from None
    if options.json:
        about = {"file": str(source), "out": str(job.out), "model": model.name}
        print(json.dumps({**about, **summary.to_dict()}, ensure_ascii=False))
    else:
        print("\n".join(readable(summary, job)))


def _write_page(path: Path, summary: Summary, job: Job, model: str) -> None:
    from emotion_component.scoring import page

    text = page.page(summary, job.source.name, job.time_column, model)
    path.write_text(text, encoding="utf-8", errors="replace")


def readable(summary: Summary, job: Job) -> list[str]:
    """Lay out the summary for a terminal."""
    lines = [f"{summary.rows} rows scored in {job.out}"]
    for name, number in summary.counts.most_common():
        if name != ABSTAINED:
            lines.append(f"  {name:15} {number:8d} {number / summary.rows:6.1%}")
    if summary.counts[ABSTAINED]:
        number = summary.counts[ABSTAINED]
        lines.append(f"  {'not said':15} {number:8d} {number / summary.rows:6.1%}")
    if summary.skipped:
        lines.append(f"{summary.skipped} rows skipped:")
        lines += [f"  row {number}: {problem}" for number, problem in summary.problems]
        if summary.skipped > len(summary.problems):
            lines.append(f"  and {summary.skipped - len(summary.problems)} more")
    return lines
