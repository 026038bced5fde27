"""When a conversation goes to a human, and why. Standard library only.

`weigh` gives the decision for a conversation's newest turn; the other modules hold its parts:
`settings` with `overrides`, `quiet_hours` and `weights`, `history`, `signals`, `decision`.
"""

from emotion_component.escalation.decision import (
    HANDOFF,
    NOTHING,
    OFFER,
    Decision,
    Hold,
    summarize,
    weigh,
)
from emotion_component.escalation.history import ACCEPTED, DECLINED, Turn
from emotion_component.escalation.settings import Settings
from emotion_component.escalation.signals import Reason

__all__ = [
    "ACCEPTED",
    "DECLINED",
    "HANDOFF",
    "NOTHING",
    "OFFER",
    "Decision",
    "Hold",
    "Reason",
    "Settings",
    "Turn",
    "summarize",
    "weigh",
]
