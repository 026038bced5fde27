"""Which words moved the score of a label: occlusion through the real model.

Every word is left out once, all shortened texts are judged in one call, and a word's weight is
what the label's score loses without it (Zeiler and Fergus 2014, https://arxiv.org/abs/1311.2901;
for text Li et al. 2016, https://arxiv.org/abs/1612.08220). Nothing is approximated: a weight can
be checked by deleting the word and judging again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from emotion_component import labels
from emotion_component.classifier import EmotionModel, is_readable
from emotion_component.errors import ConfigurationError
from emotion_component.words import Span, phrases, words

# The model reads this many characters; what follows them has no say, and is not explained.
CHARACTERS_READ: Final = 1_200
# Words judged in all shortened texts together; punctuation counts. A message of 22 is explained
# word by word, one of 40 in a dozen phrases. With the shipped weights on one core (AVX2) it held
# the 95th percentile of unseen English messages at 150 ms, where 2,000 took 256 ms; the median,
# 85 to 90 ms, is the same (`benchmarks/faithfulness.py` times it).
BUDGET: Final = 500
# A rant still falls into this many phrases, so that the explanation says more than "all of it".
FEWEST_UNITS: Final = 8
# All negative service labels as one; the score that escalation listens to.
NEGATIVE: Final = "negative"
EXPLAINABLE: Final = (*labels.SERVICE_LABELS, NEGATIVE)


@dataclass(frozen=True)
class Token:
    """A word, an emoji, a run of punctuation, or, in a long text, a phrase.

    Attributes:
        text: As written.
        start: Where it begins in the text, in characters.
        end: Where it ends, exclusive.
        weight: Score with it minus score without it, -1 to 1; above 0 it raises the score.
    """

    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Explanation:
    """What moved the score of one label in one text.

    Attributes:
        text: As given.
        label: A service label, or `negative` for the sum of the negative ones.
        score: The label's calibrated probability for the text, 0 to 1.
        tokens: In the order of the text; empty where the text holds nothing to judge. White space
            and what the model does not read belong to no token.
        model: Name of the model that judged.
    """

    text: str
    label: str
    score: float
    tokens: list[Token]
    model: str

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON types."""
        return asdict(self)

    def strongest(self, count: int) -> list[Token]:
        """List the tokens that moved the score most, up or down, strongest first."""
        moved = [token for token in self.tokens if token.weight]
        return sorted(moved, key=lambda token: -abs(token.weight))[:count]


def explain(model: EmotionModel, text: str, label: str | None = None) -> Explanation:
    """Explain the score of one label in one text.

    Args:
        model: A loaded model.
        text: A customer's message as written. Only the first `CHARACTERS_READ` characters count.
        label: One of `EXPLAINABLE`; `None` for the label that the model names, whether or not it
            is sure enough to say it aloud.

    Raises:
        ConfigurationError: If `label` is not one of `EXPLAINABLE`.
    """
    if label is not None and label not in EXPLAINABLE:
        raise ConfigurationError(
            f"The label must be one of {', '.join(EXPLAINABLE)}. Received: {label}."
        )
    read = text[:CHARACTERS_READ]
    if not is_readable(read):
        return Explanation(text, label or labels.NEUTRAL, 0.0, [], model.name)
    units = _units(read)
    judged = scores(model, [read, *(without(read, [unit]) for unit in units)])
    label = label or labels.decide(judged[0])
    score = score_of(judged[0], label)
    tokens = [
        Token(read[start:end], start, end, round(score - score_of(row, label), 4))
        for (start, end), row in zip(units, judged[1:], strict=True)
    ]
    return Explanation(text, label, round(score, 4), tokens, model.name)


def _units(text: str) -> list[Span]:
    """Split into words, or into as many phrases as the budget allows."""
    found = words(text)
    return phrases(text, found, max(FEWEST_UNITS, BUDGET // max(len(found), 1)))


def scores(model: EmotionModel, texts: Sequence[str]) -> list[dict[str, float]]:
    """Judge texts in one call: for each, service label to calibrated probability."""
    rows = model.probabilities(texts)["service"].tolist()
    return [dict(zip(labels.SERVICE_LABELS, row, strict=True)) for row in rows]


def score_of(service: dict[str, float], label: str) -> float:
    """Read the score of one of `EXPLAINABLE` from service scores."""
    if label == NEGATIVE:
        return sum(service[name] for name in labels.NEGATIVE)
    return service[label]


def without(text: str, spans: Sequence[Span]) -> str:
    """Leave spans out of a text, and one of two spaces that would then stand together."""
    kept, at = "", 0
    for start, end in sorted(spans):
        kept += text[at:start]
        at = end
        if at < len(text) and text[at].isspace() and (not kept or kept[-1].isspace()):
            at += 1
    return kept + text[at:]
