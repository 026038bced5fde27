"""The signals that speak for a human, and how much each weighs unless config.yml says otherwise.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

HUMAN_REQUEST: Final = "human_request"
SENSITIVE_TOPIC: Final = "sensitive_topic"
INTENSITY: Final = "intensity"
STREAK: Final = "streak"
FALLBACKS: Final = "fallbacks"
REPEATS: Final = "repeats"
TREND: Final = "trend"
DISSATISFACTION: Final = "dissatisfaction"

# Not among the weights: the bot asked, the customer said yes.
OFFER_ACCEPTED: Final = "offer_accepted"

# With these and the default levels (offer .5, handoff .8) a request for a human or a sensitive
# topic hands over at once; strong anger, a streak, failures to understand or a concern that comes
# back lead to an offer; two of them, or one that goes on after the offer, hand over. A worsening
# trend only adds to others.
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        HUMAN_REQUEST: 1.0,
        SENSITIVE_TOPIC: 1.0,
        INTENSITY: 0.7,
        STREAK: 0.7,
        FALLBACKS: 0.6,
        REPEATS: 0.5,
        TREND: 0.3,
        DISSATISFACTION: 0.6,
    }
)
