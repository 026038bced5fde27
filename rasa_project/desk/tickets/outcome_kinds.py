"""How a resolved ticket can have ended."""

from __future__ import annotations

from typing import Final

# Few enough to choose from at a glance; free text says the rest.
OUTCOMES: Final = ("solved", "advised", "passed_on", "not_solved", "no_answer", "mistaken")
