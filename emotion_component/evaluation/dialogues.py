"""STC-3: does the negative score tell which dialogues left their customer dissatisfied?

NTCIR-14 STC-3 (Zeng, Kato and Sakai 2019): annotators vote on each customer-helpdesk dialogue. A
dialogue counts as dissatisfied where a majority voted so. Rows by hash of the dialogue's id that
training leaves alone (the dev fold) are scored, so the figure stays comparable between models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from emotion_component.datasets.corpus import fold
from emotion_component.datasets.sources import rows
from emotion_component.errors import DataError, RowError
from emotion_component.evaluation.metrics import Bools, Floats

MAJORITY: Final = 0.5


@dataclass(frozen=True)
class Dialogues:
    """Customers' turns and how their dialogues were judged.

    Attributes:
        turns: All customers' turns, dialogue after dialogue.
        ends: Where each dialogue's turns end in `turns`, exclusive.
        dissatisfied: Whether the majority voted so, `[dialogues]`.
    """

    turns: list[str]
    ends: list[int]
    dissatisfied: Bools

    def largest(self, scores: Floats) -> Floats:
        """Give each dialogue the largest score of its turns; scores are `[turns]`."""
        return np.maximum.reduceat(scores, [0, *self.ends[:-1]])

    def last(self, scores: Floats) -> Floats:
        """Give each dialogue the score of the customer's last turn; scores are `[turns]`."""
        return np.asarray(scores[np.array(self.ends) - 1])

    def lengths(self) -> Floats:
        """Count the characters of each customer's text: a baseline that knows no words."""
        counts = np.array([len(turn) for turn in self.turns], np.float32)
        return np.add.reduceat(counts, [0, *self.ends[:-1]])


def read_dialogues(path: Path, limit: int | None = None, part: str = "dev") -> Dialogues:
    """Read the dialogues of one fold; those in which no customer speaks are passed over.

    Args:
        path: JSON lines with `id`, `turns` and `frac_dissatisfied`.
        limit: Read at most this many rows.
        part: The fold: `train`, `dev` or `test`.

    Raises:
        DataError: If the file is missing, no dialogue is left, or a row cannot be used.
    """
    turns: list[str] = []
    ends: list[int] = []
    dissatisfied: list[bool] = []
    for number, row in rows(path, limit):
        try:
            if fold(row["id"]) != part:
                continue
            said = [turn["text"] for turn in row["turns"] if turn["sender"] == "customer"]
            judged = float(row["frac_dissatisfied"]) > MAJORITY
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise RowError(path, number, f"not a row of stc3: {error!r}") from error
        if said:
            turns += said
            ends.append(len(turns))
            dissatisfied.append(judged)
    if not ends:
        raise DataError(f"{path} holds no dialogues of the {part} fold to score.")
    return Dialogues(turns, ends, np.array(dissatisfied))
