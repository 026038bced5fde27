"""What a reader must know to trust the counts of a replay."""

from __future__ import annotations

from collections.abc import Iterator

from rasa_project.replay.comparing import Totals


def notes(totals: Totals) -> Iterator[str]:
    """Give a sentence or two on each thing that the counts leave out or cannot know."""
    if totals.episodes > totals.conversations:
        yield (
            "A session start, a restart and a handback begin a new part of a conversation; "
            "parts are counted."
        )
    if totals.without_emotion:
        yield (
            f"{totals.without_emotion:,} of {totals.messages:,} messages hold no emotion: they "
            "were stored without Attune's component. --classify judges them now."
        )
    if totals.broken:
        yield f"{totals.broken:,} events could not be read and are left out."
    if totals.changed:
        yield (
            "After the first decision that differs it is an estimate: the customer's words stay "
            "as they were. Nothing is weighed that was written after a human's first answer."
        )
