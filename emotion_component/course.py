"""How a conversation went for its customer so far, in figures whose size never grows.

**Displeasure** is the summed score of the negative service labels in one message, 0 to 1. Each turn
takes the `Course` of the turn before it and goes one step on, so that peak, counts and means of the
whole conversation cost one step, not a walk through its events.

**The customer's own usual.** Some customers write every message in capitals and with three
exclamation marks; what counts as louder, or as more displeased, is measured against the mean of
their own earlier messages, never against other people.

Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from emotion_component import labels, manner

# The message property's key under which a course travels from turn to turn.
KEY: Final = "trajectory"

# Weight of the newest turn in the smoothed valence: with one half, two calm turns undo most of a
# single outburst.
SMOOTHING: Final = 0.5
# The trend compares the smoothed valence now with that of this many turns ago.
TREND_TURNS: Final = 3
# What is left, one turn later, of a turn's weight in the fading sums: half of it is gone after two
# and a half turns, so that a long calm conversation does not add up to a bad one. Chosen on STC-3
# among 1, .9, .8 and .7: .7 to .8 do best.
FADING: Final = 0.75
# What carries heat that a bot makes worse.
HEATED: Final = ("anger", "frustration")


@dataclass(frozen=True)
class Course:
    """Figures of a conversation up to its newest turn; of none by default.

    A turn here is a message in which something could be read: no button, no lone address. A fading
    sum counts the newest turn with `1 - FADING` and each earlier one with `FADING` times the weight
    of the one after it.

    Attributes:
        turns: How many there were.
        negative: How many of them were negative.
        streak: How many in a row up to the newest were negative; 0 where that one is not.
        now: Displeasure of the newest, 0 to 1.
        heat: Score of anger and frustration in the newest, 0 to 1.
        peak: The largest displeasure so far.
        worst: Name of the strongest negative label at the peak, "" before any turn.
        mean: Mean displeasure of all turns.
        usual: Mean displeasure of the turns before the newest; its own on the first turn.
        burden: Fading sum of displeasure times how much was said, 0 to 1.
        agitation: Fading sum of the intensity, 0 to 1.
        asking: Fading sum of the questions asked, 0 to 1.
        smoothed: The smoothed valence, -1 to 1, after each of the newest turns, oldest first, at
            most `TREND_TURNS + 1`. Turns on which the model abstained are passed over.
        loudness: Share of capitals or of exclamation marks in the newest turn, 0 to 1.
        usual_loudness: Mean loudness of the turns before it; its own on the first turn.
    """

    turns: int = 0
    negative: int = 0
    streak: int = 0
    now: float = 0.0
    heat: float = 0.0
    peak: float = 0.0
    worst: str = ""
    mean: float = 0.0
    usual: float = 0.0
    burden: float = 0.0
    agitation: float = 0.0
    asking: float = 0.0
    smoothed: tuple[float, ...] = ()
    loudness: float = 0.0
    usual_loudness: float = 0.0

    @property
    def trend(self) -> float:
        """Change of the smoothed valence over `TREND_TURNS`, -1 (worse) to 1 (better)."""
        if len(self.smoothed) < 2:
            return 0.0
        return round(max(-1.0, min(1.0, self.smoothed[-1] - self.smoothed[0])), 4)

    @property
    def recovery(self) -> float:
        """How far the newest message lies below the worst one, 0 to 1."""
        return round(self.peak - self.now, 4)

    @property
    def above_usual(self) -> float:
        """How much more displeased the newest message is than this customer's usual, -1 to 1."""
        return round(self.now - self.usual, 4)

    @property
    def louder(self) -> float:
        """How much louder the newest message is than this customer's usual, -1 to 1."""
        return round(self.loudness - self.usual_loudness, 4)

    def after(self, emotion: Mapping[str, Any], text: str = "") -> Course:
        """Go one turn on.

        Args:
            emotion: The property `emotion` of the next message.
            text: What the customer wrote.

        Returns:
            The course with that message; this one where nothing could be read in the message.
        """
        scores = _scores(emotion)
        if scores is None:
            return self
        displeasure = _total(scores, labels.NEGATIVE)
        worse = not self.turns or displeasure > self.peak
        how_loud = manner.loudness(text)
        went_on = replace(
            self,
            turns=self.turns + 1,
            now=displeasure,
            heat=_total(scores, HEATED),
            peak=displeasure if worse else self.peak,
            worst=_strongest_negative(scores) if worse else self.worst,
            mean=_rounded(self.mean + (displeasure - self.mean) / (self.turns + 1)),
            usual=self.mean if self.turns else displeasure,
            burden=_faded(self.burden, displeasure * manner.amount(text)),
            agitation=_faded(self.agitation, float(emotion.get("intensity", 0.0))),
            asking=_faded(self.asking, manner.questions(text)),
            loudness=how_loud,
            usual_loudness=self.habit() if self.turns else how_loud,
        )
        return went_on if emotion.get("abstained") else went_on._with_mood(emotion)

    def habit(self) -> float:
        """Mean loudness of all turns so far, 0 to 1."""
        if self.turns < 2:
            return self.loudness
        return _rounded(self.usual_loudness + (self.loudness - self.usual_loudness) / self.turns)

    def _with_mood(self, emotion: Mapping[str, Any]) -> Course:
        """Follow streak and valence, of which an abstention says nothing."""
        negative = is_negative(emotion)
        valence = float(emotion["valence"])
        if self.smoothed:
            valence = SMOOTHING * valence + (1 - SMOOTHING) * self.smoothed[-1]
        return replace(
            self,
            negative=self.negative + negative,
            streak=self.streak + 1 if negative else 0,
            smoothed=(*self.smoothed, _rounded(valence))[-TREND_TURNS - 1 :],
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the figures as JSON types."""
        return asdict(self) | {"smoothed": list(self.smoothed)}

    @classmethod
    def from_emotion(cls, emotion: Mapping[str, Any] | None) -> Course | None:
        """Read the course that a message property `emotion` carries.

        Returns:
            The course, or `None` where there is none that can be gone on from.
        """
        told = (emotion or {}).get(KEY)
        if not isinstance(told, Mapping) or set(told) != set(cls.__dataclass_fields__):
            return None
        smoothed = told["smoothed"]
        if not isinstance(smoothed, (list, tuple)) or len(smoothed) > TREND_TURNS + 1:
            return None
        numbers = [value for name, value in told.items() if name not in ("smoothed", "worst")]
        if not all(map(_is_finite, (*numbers, *smoothed))) or not isinstance(told["worst"], str):
            return None
        return cls(**{**told, "smoothed": tuple(smoothed)})


def is_negative(emotion: Mapping[str, Any] | None) -> bool:
    """Say whether an emotion is one of `labels.NEGATIVE` and not an abstention."""
    if not emotion or emotion.get("abstained"):
        return False
    return emotion["name"] in labels.NEGATIVE


def _scores(emotion: Mapping[str, Any]) -> Mapping[str, float] | None:
    """Give the scores of the service labels; `None` where nothing was judged.

    An emotion without scores, as another tool may write it, is taken by name and confidence.
    """
    scores = emotion.get("scores")
    if scores is None:
        confidence: Any = emotion.get("confidence")
        return {str(emotion["name"]): float(confidence) if _is_finite(confidence) else 1.0}
    told = isinstance(scores, Mapping) and scores and all(map(_is_finite, scores.values()))
    return scores if told else None


def _total(scores: Mapping[str, float], names: Iterable[str]) -> float:
    return _rounded(max(0.0, min(1.0, sum(float(scores.get(name, 0.0)) for name in names))))


def _strongest_negative(scores: Mapping[str, float]) -> str:
    known = sorted(name for name in scores if name in labels.NEGATIVE)
    return max(known, key=lambda name: float(scores[name]), default="")


def _faded(before: float, now: float) -> float:
    return _rounded(FADING * before + (1 - FADING) * now)


def _rounded(value: float) -> float:
    return round(value, 4)


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
