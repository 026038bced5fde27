"""The table as it stands in docs/channels.md."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from rasa_project.channels.messaging import catalogue
from tests.channel_table.claims import Claim

PAGE: Final = Path(__file__).parents[2] / "docs" / "channels.md"
BEGIN: Final = "<!-- Made by `python -m tests.channel_table`; do not write in here. -->"
END: Final = "<!-- Up to here. -->"
FEATURES: Final = (
    "signed", "deduplicated", "push", "buttons", "media", "files", "typing", "agent reply",
)  # fmt: skip
_NUMBERED: Final = "as numbers"


def table(shown: Collection[Claim]) -> str:
    """Return the table: a row a channel, a tick where tests have shown the feature.

    Raises:
        ValueError: Something is shown that has no column.
    """
    unknown = {claim.feature for claim in shown} - set(FEATURES)
    if unknown:
        raise ValueError(f"no column for {', '.join(sorted(unknown))}")
    rows = [["channel", *FEATURES], ["---", *([":-:"] * len(FEATURES))]]
    for name, channel in sorted(catalogue.inputs().items(), key=lambda one: one[1].Provider.title):
        cells = [_cell(name, feature, shown) for feature in FEATURES]
        rows.append([channel.Provider.title, *cells])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def committed() -> str:
    """Return the table that stands in the page."""
    return PAGE.read_text(encoding="utf-8").split(f"{BEGIN}\n")[1].split(END)[0]


def write(text: str) -> None:
    """Put a table into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(f"{BEGIN}\n")
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _cell(name: str, feature: str, shown: Collection[Claim]) -> str:
    if Claim(name, feature) not in shown:
        return "–"
    numbered = feature == "buttons" and not catalogue.inputs()[name].Provider.limits.buttons
    return _NUMBERED if numbered else "✓"
