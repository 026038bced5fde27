"""`attune doctor`: the traps that a Rasa project falls into, each with its remedy."""

from __future__ import annotations

import argparse
import json
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rasa_project.guest import project
from rasa_project.guest.examining import examine
from rasa_project.guest.findings import SEVERITIES, Finding

_WIDTH: Final = 100


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("doctor", help="check a Rasa project for known traps")
    parser.add_argument("path", type=Path, metavar="PATH", help="folder with config.yml")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--device",
        action="store_true",
        help="also say on which device the model would run, and why (loads TensorFlow)",
    )
    parser.set_defaults(run=doctor)


def doctor(options: argparse.Namespace) -> int:
    """Check the project and print what was found, the worst first.

    Returns:
        1 where an error was found, else 0.

    Raises:
        ProjectError: The project cannot be read.
    """
    if options.device:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    found = project.read(options.path)
    findings = examine(found, device=options.device)
    counts = {each: _count(findings, each) for each in SEVERITIES}
    if options.json:
        listed = [finding.to_dict() for finding in findings]
        report = {"project": str(found.folder), "findings": listed, "counts": counts}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    elif findings:
        print("\n\n".join(map(_readable, findings)), end="\n\n")
        print(", ".join(_number(count, each) for each, count in counts.items() if count) + ".")
    else:
        print(f"All good: Attune is in place in {found.folder}, and no known trap was found.")
    return 1 if counts["error"] else 0


def _count(findings: Sequence[Finding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)


def _number(count: int, severity: str) -> str:
    return f"{count} {severity}{'s' * (count != 1)}"


def _readable(finding: Finding) -> str:
    what = textwrap.fill(finding.what, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    fix = textwrap.fill(finding.fix, _WIDTH, initial_indent="  Do: ", subsequent_indent="  ")
    return f"{finding.at}: {finding.severity} {finding.code}\n{what}\n{fix}"
