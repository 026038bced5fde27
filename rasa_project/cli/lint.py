"""`attune lint replies`: hold what the bot says to the rules for empathic customer service."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emotion_component.reply_rules import check
from emotion_component.reply_rules.reply import Finding
from rasa_project.guest import replies
from rasa_project.guest.replies import RepliesFile
from rasa_project.guest.yaml_file import ProjectError

# A finding quotes at most this many characters; more of a long text is a click away.
_QUOTED: Final = 60


@dataclass(frozen=True)
class Placed:
    """A finding with its file."""

    path: Path
    finding: Finding


def add(commands: Any) -> None:
    """Add `lint replies` to the command's subparsers."""
    lint = commands.add_parser("lint", help="check what the bot says")
    kinds = lint.add_subparsers(dest="what", required=True, metavar="WHAT")
    parser = kinds.add_parser(
        "replies",
        help="the replies of a domain, in English and Chinese",
        description="Hold a bot's replies to the rules for empathic customer service.",
        epilog=_rules(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a domain file, a folder of them, or a Rasa project",
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        choices=check.CODES,
        metavar="CODE",
        help="leave a rule out; may be given again",
    )
    parser.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the replies and print what was found.

    Returns:
        The exit status: 0 where every rule holds, 1 where something was found.

    Raises:
        ProjectError: The replies cannot be read, or a remark names no rule.
    """
    files = [file for path in options.paths for file in replies.read(path)]
    _know_the_codes(files)
    found = judge(files, options.allow)
    if options.json:
        print(json.dumps(_as_json(files, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join([*map(_readable, found), _summary(files, found)]))
    return 1 if found else 0


def judge(files: Sequence[RepliesFile], allow: Collection[str] = ()) -> list[Placed]:
    """Hold replies to the rules.

    Args:
        files: Of one project; together they tell which languages it speaks.
        allow: Codes of rules to leave out.

    Returns:
        What no remark of the author allows, file by file, in the order of lines.
    """
    missing = check.missing_languages([reply for file in files for reply in file.replies])
    found: list[Placed] = []
    for file in files:
        here = [finding for reply in file.replies for finding in check.check_reply(reply)]
        names = {(reply.name, reply.line) for reply in file.replies}
        here += [finding for finding in missing if (finding.reply, finding.line) in names]
        here.sort(key=lambda finding: (finding.line, finding.start))
        found += [
            Placed(file.path, finding)
            for finding in here
            if finding.rule.code not in allow and not _allowed(file, finding)
        ]
    return found


def _allowed(file: RepliesFile, finding: Finding) -> bool:
    return any(finding.rule.code in file.allowed.get(line, frozenset()) for line in finding.lines)


def _know_the_codes(files: Sequence[RepliesFile]) -> None:
    for file in files:
        for line, codes in file.allowed.items():
            for code in sorted(codes - set(check.CODES)):
                raise ProjectError(
                    f"{file.path}:{line}: `attune: allow` must name a rule. Received: {code}. "
                    f"Rules: {', '.join(check.CODES)}."
                )


def _readable(placed: Placed) -> str:
    finding = placed.finding
    place = f"{placed.path}:{finding.line} {finding.reply} [{finding.rule.code}]"
    quoted = f"“{_short(finding.text)}” " if finding.text else ""
    return f"{place} {quoted}{finding.rule.what}; {finding.instead}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"


def _summary(files: Sequence[RepliesFile], found: Sequence[Placed]) -> str:
    number = sum(len(file.replies) for file in files)
    judged = f"{_count(number, 'reply', 'replies')} in {_count(len(files), 'file', 'files')}"
    if not found:
        return f"{judged}: nothing to say against."
    errors = sum(placed.finding.rule.severity == "error" for placed in found)
    kinds = (
        f"{_count(errors, 'error', 'errors')}, {_count(len(found) - errors, 'warning', 'warnings')}"
    )
    return f"{_count(len(found), 'finding', 'findings')} ({kinds}) in {judged}."


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _as_json(files: Sequence[RepliesFile], found: Sequence[Placed]) -> dict[str, Any]:
    return {
        "files": [str(file.path) for file in files],
        "replies": sum(len(file.replies) for file in files),
        "findings": [
            {
                "file": str(placed.path),
                "line": placed.finding.line,
                "reply": placed.finding.reply,
                "code": placed.finding.rule.code,
                "severity": placed.finding.rule.severity,
                "text": placed.finding.text,
                "start": placed.finding.start,
                "what": placed.finding.rule.what,
                "why": placed.finding.rule.why,
                "instead": placed.finding.instead,
            }
            for placed in found
        ],
    }


def _rules() -> str:
    lines = [f"  {rule.code:20} {rule.severity:8} {rule.what}" for rule in check.RULES]
    remark = "A remark in the YAML, on the line or above it, allows one: # attune: allow CODE"
    return "\n".join(["rules:", *lines, "", remark])
