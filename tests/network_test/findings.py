"""What became of the messages: compared with what was said, message by message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Findings:
    """Counts of messages, both ways together.

    Attributes:
        sent: Messages that had to arrive: those of customers, and an answer to each.
        lost: Those that did not.
        doubled: Those that arrived more than once, each time beyond the first.
        reordered: Those that arrived behind one that came after them.
    """

    sent: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0

    def compare(self, said: Sequence[str], arrived: Sequence[str]) -> None:
        """Count what happened between two ends of one way.

        Args:
            said: What was said, in order, each one of a kind.
            arrived: What arrived, in order.
        """
        counts = Counter(arrived)
        places = {text: place for place, text in enumerate(said)}
        self.sent += len(said)
        self.lost += sum(1 for text in said if not counts[text])
        self.doubled += sum(count - 1 for count in counts.values())
        # What nobody said is a fault of the server's and counts as well.
        self.doubled += sum(1 for text in counts if text not in places)
        latest = -1
        for text in dict.fromkeys(text for text in arrived if text in places):
            self.reordered += places[text] < latest
            latest = max(latest, places[text])
