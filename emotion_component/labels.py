"""The emotion spectrum: names, groups, valence and arousal, mappings between taxonomies.

Four taxonomies meet here:

- the ten **service labels**, one low-cardinality set for slots, replies and routing;
- **GoEmotions**, 28 labels (Demszky et al. 2020, https://aclanthology.org/2020.acl-main.372);
- **BRIGHTER**, 6 labels (Muhammad et al. 2025, SemEval-2025 Task 11);
- **Plutchik**, 8 labels plus neutral, as XED uses them (Öhman et al. 2020).

Standard library only: the action server imports this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

SERVICE_LABELS: Final = (
    "neutral",
    "joy",
    "gratitude",
    "surprise",
    "confusion",
    "worry",
    "disappointment",
    "sadness",
    "frustration",
    "anger",
)

NEUTRAL: Final = "neutral"
POSITIVE: Final = frozenset({"joy", "gratitude"})
NEGATIVE: Final = frozenset({"worry", "disappointment", "sadness", "frustration", "anger"})
# Neither good nor bad by itself: a question more than a feeling about the service.
AMBIGUOUS: Final = frozenset({"surprise", "confusion"})

GOEMOTIONS_LABELS: Final = (
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
)

BRIGHTER_LABELS: Final = ("anger", "disgust", "fear", "joy", "sadness", "surprise")

PLUTCHIK_LABELS: Final = (
    "anger",
    "anticipation",
    "disgust",
    "fear",
    "joy",
    "sadness",
    "surprise",
    "trust",
    "neutral",
)


class Affect(NamedTuple):
    """A point on the circumplex of affect.

    Attributes:
        valence: From -1 (unpleasant) to 1 (pleasant).
        arousal: From -1 (sluggish) to 1 (agitated); 0 is an everyday state.
    """

    valence: float
    arousal: float


# The axes are those of Russell's circumplex (1980, J. Pers. Soc. Psychol. 39:1161-1178). The
# figures are this project's own placements on them, to one or two decimals: the signs follow the
# sentiment groups of GoEmotions, the order along arousal follows the order of Russell's words
# (angry, afraid, annoyed, frustrated, sad going down). They are ordinal judgements for summing
# trends, not measurements: two labels a tenth apart are not told apart by them.
SERVICE_AFFECT: Final[Mapping[str, Affect]] = MappingProxyType(
    {
        "neutral": Affect(0.0, 0.0),
        "joy": Affect(0.85, 0.55),
        "gratitude": Affect(0.80, 0.30),
        "surprise": Affect(0.10, 0.70),
        "confusion": Affect(-0.20, 0.20),
        "worry": Affect(-0.50, 0.55),
        "disappointment": Affect(-0.60, -0.10),
        "sadness": Affect(-0.75, -0.30),
        "frustration": Affect(-0.65, 0.50),
        "anger": Affect(-0.80, 0.75),
    }
)

# GoEmotions -> service. `None`: says too little about how a customer feels to stand for one of
# the ten (approval and desire come with plain requests, pride and love with chit-chat).
GOEMOTIONS_TO_SERVICE: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "admiration": "joy",
        "amusement": "joy",
        "anger": "anger",
        "annoyance": "frustration",
        "approval": None,
        "caring": None,
        "confusion": "confusion",
        "curiosity": "neutral",
        "desire": None,
        "disappointment": "disappointment",
        "disapproval": "disappointment",
        "disgust": "anger",
        "embarrassment": "sadness",
        "excitement": "joy",
        "fear": "worry",
        "gratitude": "gratitude",
        "grief": "sadness",
        "joy": "joy",
        "love": "joy",
        "nervousness": "worry",
        "optimism": None,
        "pride": None,
        "realization": None,
        "relief": "joy",
        "remorse": "sadness",
        "sadness": "sadness",
        "surprise": "surprise",
        "neutral": "neutral",
    }
)

BRIGHTER_TO_SERVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "anger": "anger",
        "disgust": "anger",
        "fear": "worry",
        "joy": "joy",
        "sadness": "sadness",
        "surprise": "surprise",
    }
)

PLUTCHIK_TO_SERVICE: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "anger": "anger",
        "anticipation": None,
        "disgust": "anger",
        "fear": "worry",
        "joy": "joy",
        "sadness": "sadness",
        "surprise": "surprise",
        "trust": None,
        "neutral": "neutral",
    }
)

# Coarser views of GoEmotions, as its authors publish them, for reports.
EKMAN_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "anger": ("anger", "annoyance", "disapproval"),
        "disgust": ("disgust",),
        "fear": ("fear", "nervousness"),
        "joy": (
            "joy",
            "amusement",
            "approval",
            "excitement",
            "gratitude",
            "love",
            "optimism",
            "relief",
            "pride",
            "admiration",
            "desire",
            "caring",
        ),
        "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
        "surprise": ("surprise", "realization", "confusion", "curiosity"),
    }
)

SENTIMENT_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "positive": (
            "amusement",
            "excitement",
            "joy",
            "love",
            "desire",
            "optimism",
            "caring",
            "pride",
            "admiration",
            "gratitude",
            "relief",
            "approval",
        ),
        "negative": (
            "fear",
            "nervousness",
            "remorse",
            "embarrassment",
            "disappointment",
            "sadness",
            "grief",
            "disgust",
            "anger",
            "annoyance",
            "disapproval",
        ),
        "ambiguous": ("realization", "surprise", "curiosity", "confusion"),
    }
)

# What a coarser report of GoEmotions counts: as in the dataset's paper, neutral is a group of its
# own beside those above.
GOEMOTIONS_GROUPINGS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "ekman": {**EKMAN_GROUPS, NEUTRAL: (NEUTRAL,)},
        "sentiment": {**SENTIMENT_GROUPS, NEUTRAL: (NEUTRAL,)},
    }
)

# The six labels of SMP2020-EWECT (Chinese weblogs), a benchmark, and where each service label
# belongs among them. Gratitude is pleasant, confusion asks without feeling much.
SMP2020_LABELS: Final = ("angry", "happy", "neutral", "sad", "surprise", "fear")
SERVICE_TO_SMP2020: Final[Mapping[str, str]] = MappingProxyType(
    {
        "neutral": "neutral",
        "joy": "happy",
        "gratitude": "happy",
        "surprise": "surprise",
        "confusion": "neutral",
        "worry": "fear",
        "disappointment": "sad",
        "sadness": "sad",
        "frustration": "angry",
        "anger": "angry",
    }
)


def group(label: str) -> str:
    """Name the group of a service label: `negative`, `positive`, `ambiguous` or `neutral`.

    Raises:
        KeyError: If `label` is not one of `SERVICE_LABELS`.
    """
    if label not in SERVICE_AFFECT:
        raise KeyError(f"`{label}` is not a service label. Known: {', '.join(SERVICE_LABELS)}.")
    if label in NEGATIVE:
        return "negative"
    if label in POSITIVE:
        return "positive"
    return "ambiguous" if label in AMBIGUOUS else NEUTRAL


def decide(service: Mapping[str, float]) -> str:
    """Choose a label from service scores: the strongest group first, then its strongest label.

    Anger, frustration and disappointment share the score of one complaint among them. Choosing
    the single highest label would then answer "neutral" where two thirds say "displeased".

    Args:
        service: Service label to score.
    """
    totals: dict[str, float] = {}
    for name, score in service.items():
        totals[group(name)] = totals.get(group(name), 0.0) + score
    strongest = max(totals, key=totals.__getitem__)
    members = (name for name in service if group(name) == strongest)
    return max(members, key=service.__getitem__)


def affect(scores: Mapping[str, float]) -> Affect:
    """Average valence and arousal over service labels, weighted by their scores.

    Args:
        scores: Service label to score, each at least 0. Scores need not sum to 1.

    Returns:
        The weighted mean; the neutral point where every score is 0.
    """
    total = sum(scores.values())
    if total <= 0:
        return SERVICE_AFFECT[NEUTRAL]
    return Affect(
        sum(SERVICE_AFFECT[name].valence * score for name, score in scores.items()) / total,
        sum(SERVICE_AFFECT[name].arousal * score for name, score in scores.items()) / total,
    )
