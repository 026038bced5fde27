"""What `attune doctor` found: one object a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]

# The worst first, as they are printed.
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


class Place(NamedTuple):
    """Where something stands.

    Attributes:
        file: Path relative to the project's folder; `None` where no file is to blame.
        line: Line number, counted from 1; `None` where the whole file is meant.
    """

    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.file is None:
            return "project"
        return self.file if self.line is None else f"{self.file}:{self.line}"


NOWHERE: Final = Place()


@dataclass(frozen=True)
class Finding:
    """One trap that a project falls into.

    Attributes:
        severity: `error`: it does not work. `warning`: it will go wrong for some customers.
            `note`: worth knowing.
        code: Stable name of the trap, for scripts.
        what: What happens.
        fix: What to do.
        at: Where it stands.
    """

    severity: Severity
    code: str
    what: str
    fix: str
    at: Place = NOWHERE

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as `--json` prints it."""
        return {
            "severity": self.severity,
            "code": self.code,
            "file": self.at.file,
            "line": self.at.line,
            "what": self.what,
            "fix": self.fix,
        }
