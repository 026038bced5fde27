"""Sets what would be decided beside what happened, and counts."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from emotion_component import escalation
from rasa_project.conversations.conversation import Conversation
from rasa_project.replay.episode import Episode, Mark, first

# How an episode differs, in the order in which they are listed.
NEWLY: Final = "newly"
NO_LONGER: Final = "no longer"
EARLIER: Final = "earlier"
LATER: Final = "later"
SAME: Final = "same"
NEITHER: Final = "neither"
CHANGES: Final = (NEWLY, NO_LONGER, EARLIER, LATER)
VERDICTS: Final = (escalation.HANDOFF, escalation.OFFER)


def change(episode: Episode, verdict: str) -> str:
    """Compare when an episode first came to a verdict with when it would.

    Returns:
        `newly`, `no longer`, `earlier`, `later`, `same` or `neither`.
    """
    before, after = first(episode.happened, verdict), first(episode.replayed, verdict)
    if before is None:
        return NEITHER if after is None else NEWLY
    if after is None:
        return NO_LONGER
    if after.turn == before.turn:
        return SAME
    return EARLIER if after.turn < before.turn else LATER


def headline(episode: Episode) -> tuple[str, str] | None:
    """Name what differs most: verdict and change; `None` where nothing does."""
    for verdict in VERDICTS:
        changed = change(episode, verdict)
        if changed in CHANGES:
            return verdict, changed
    return None


@dataclass
class Totals:
    """Counts over all episodes that were replayed.

    Attributes:
        conversations: Read.
        episodes: In them.
        messages: Of customers.
        without_emotion: Messages among them that hold no emotion.
        broken: Events that could not be read.
        changes: For each verdict, how many episodes by change.
        changed: Episodes in which anything differs.
    """

    conversations: int = 0
    episodes: int = 0
    messages: int = 0
    without_emotion: int = 0
    broken: int = 0
    changed: int = 0
    changes: dict[str, Counter[str]] = field(
        default_factory=lambda: {verdict: Counter() for verdict in VERDICTS}
    )

    def before(self, verdict: str) -> int:
        """Count the episodes that came to it."""
        found = self.changes[verdict]
        return sum(found[each] for each in (NO_LONGER, EARLIER, LATER, SAME))

    def after(self, verdict: str) -> int:
        """Count the episodes that would come to it."""
        found = self.changes[verdict]
        return sum(found[each] for each in (NEWLY, EARLIER, LATER, SAME))

    def to_dict(self) -> dict[str, Any]:
        """Give the counts as JSON types."""
        counts = {
            verdict: {
                "before": self.before(verdict),
                "after": self.after(verdict),
                **{each.replace(" ", "_"): self.changes[verdict][each] for each in CHANGES},
                SAME: self.changes[verdict][SAME],
            }
            for verdict in VERDICTS
        }
        return {
            "conversations": self.conversations,
            "episodes": self.episodes,
            "changed": self.changed,
            "messages": self.messages,
            "without_emotion": self.without_emotion,
            "broken_events": self.broken,
            **counts,
        }


class Comparison:
    """Collects replayed conversations: all are counted, the most telling ones are kept.

    Args:
        keep: How many episodes are kept to be shown, so that memory stays bounded.
    """

    def __init__(self, keep: int) -> None:
        self.totals = Totals()
        self._keep = keep
        self._kept: list[tuple[tuple[float, ...], int, Episode]] = []

    def add(self, conversation: Conversation, episodes: Iterable[Episode]) -> None:
        """Count a conversation, and keep of its episodes what is worth showing."""
        self.totals.conversations += 1
        self.totals.broken += conversation.broken
        for episode in episodes:
            self._count(episode)
            # The smallest leaves the heap: unchanged ones first, then the oldest.
            entry = (_weight(episode), -self.totals.episodes, episode)
            if len(self._kept) < self._keep:
                heapq.heappush(self._kept, entry)
            elif self._keep:
                heapq.heappushpop(self._kept, entry)

    def shown(self) -> list[Episode]:
        """Give the kept episodes: changed ones first, by kind of change, the newest first."""
        return [episode for _, _, episode in sorted(self._kept, key=lambda e: e[:2], reverse=True)]

    def _count(self, episode: Episode) -> None:
        totals = self.totals
        totals.episodes += 1
        totals.messages += len(episode.turns)
        totals.without_emotion += sum(turn.emotion is None for turn in episode.turns)
        totals.changed += headline(episode) is not None
        for verdict in VERDICTS:
            totals.changes[verdict][change(episode, verdict)] += 1


def _weight(episode: Episode) -> tuple[float, ...]:
    """Order episodes by how much they tell: larger is more."""
    found = headline(episode)
    if found:
        verdict, changed = found
        return (2, -VERDICTS.index(verdict), -CHANGES.index(changed), episode.started)
    decided = bool(episode.happened or episode.replayed)
    return (1 if decided else 0, 0, 0, episode.started)


def what_differs(episode: Episode) -> str:
    """Say in a few words what differs, for example `handed over at turn 3, not 5`."""
    found = headline(episode)
    if found is None:
        return "unchanged"
    verdict, changed = found
    done = {escalation.HANDOFF: "handed over", escalation.OFFER: "offered"}[verdict]
    before, after = _turn(episode.happened, verdict), _turn(episode.replayed, verdict)
    return {
        NEWLY: f"newly {done} at turn {after}",
        NO_LONGER: f"no longer {done} (was at turn {before})",
        EARLIER: f"{done} earlier: at turn {after}, not {before}",
        LATER: f"{done} later: at turn {after}, not {before}",
    }[changed]


def _turn(marks: Sequence[Mark], verdict: str) -> int | None:
    mark = first(marks, verdict)
    return mark.turn if mark else None
