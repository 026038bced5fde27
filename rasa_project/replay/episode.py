"""What a replay sees: customer turns, and the decisions that were or would be made on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

# A decision that was wanted and held back, and a customer's "no" to an offer: neither moves the
# conversation, both belong to the story.
HELD: Final = "held"
DECLINED: Final = "declined"

# Who made a decision that the policy did not make.
BY_POLICY: Final = "policy"
BY_RULE: Final = "rule"
BY_COLLEAGUE: Final = "colleague"


@dataclass(frozen=True)
class Turn:
    """One message of the customer.

    Attributes:
        text: As it was written.
        time: Seconds since 1970.
        emotion: The message property `emotion`; `None` where there is none.
        intent: What the pipeline found in it.
        with_human: Whether a human had the conversation when it was written.
    """

    text: str
    time: float
    emotion: Mapping[str, Any] | None
    intent: str | None
    with_human: bool

    @property
    def valence(self) -> float | None:
        """From -1 (unpleasant) to 1 (pleasant); `None` where the model said nothing."""
        if not self.emotion or self.emotion.get("abstained"):
            return None
        return max(-1.0, min(1.0, float(self.emotion["valence"])))


@dataclass(frozen=True)
class Mark:
    """A decision on a turn.

    Attributes:
        turn: Number of the turn within its episode, from 1; 0 before the first.
        time: Seconds since 1970.
        verdict: `handoff`, `offer`, `held` or `declined`.
        decision: Score and reasons, as `escalation.weigh` gives them; `None` where the policy did
            not make it.
        by: `policy`, `rule` (a rule or an action of the bot) or `colleague`.
    """

    turn: int
    time: float
    verdict: str
    decision: Mapping[str, Any] | None
    by: str = BY_POLICY


@dataclass
class Episode:
    """A stretch of a conversation between two fresh starts of what is weighed.

    A session start, a restart and a handback from a human begin a new one.

    Attributes:
        conversation: Rasa's sender id.
        number: Place among the episodes of the conversation, from 1.
        turns: The customer's, oldest first.
        happened: What was decided, as stored.
        replayed: What would be decided.
        strongest: For each turn that was weighed, the decision with the highest score.
        alone: Whether the conversation has no other episode.
        unjudged: Turns that were not weighed: a human had answered, or would have by then.
    """

    conversation: str
    number: int
    turns: list[Turn] = field(default_factory=list)
    happened: list[Mark] = field(default_factory=list)
    replayed: list[Mark] = field(default_factory=list)
    strongest: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    alone: bool = True
    unjudged: set[int] = field(default_factory=set)

    @property
    def title(self) -> str:
        """The conversation, and which part of it where it has several."""
        return self.conversation if self.alone else f"{self.conversation} ({self.number})"

    @property
    def started(self) -> float:
        """When the customer first wrote."""
        return self.turns[0].time

    def closest(self) -> tuple[int, Mapping[str, Any]] | None:
        """Find the turn, and its decision, that came closest to one; `None` without any reason."""
        scored = [(turn, found) for turn, found in self.strongest.items() if found["score"] > 0]
        return max(scored, key=lambda each: (each[1]["score"], -each[0]), default=None)

    def marks_at(self, turn: int, replayed: bool) -> Iterator[Mark]:
        """Give the decisions on one turn."""
        marks = self.replayed if replayed else self.happened
        return (mark for mark in marks if mark.turn == turn)


def first(marks: Sequence[Mark], verdict: str) -> Mark | None:
    """Find the first decision of a kind."""
    return next((mark for mark in marks if mark.verdict == verdict), None)
