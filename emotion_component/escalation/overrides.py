"""Other levels and weights for the turns with one intent.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from emotion_component.escalation import checks

NEVER: Final = "never"


@dataclass(frozen=True)
class Override:
    """What is different on a turn with one intent.

    Attributes:
        never: Neither an offer nor a handoff on such a turn.
        offer: Level of the offer, `None` as elsewhere.
        handoff: Level of the handoff, `None` as elsewhere.
        weights: Weights that differ.
    """

    never: bool = False
    offer: float | None = None
    handoff: float | None = None
    weights: Mapping[str, float] = field(default_factory=dict)


def read_overrides(given: Any) -> dict[str, Override]:
    """Read the setting `per_intent`.

    Args:
        given: For example `{"goodbye": "never", "complaint": {"handoff": 0.9}}`.

    Raises:
        ConfigurationError: If an entry is neither `never` nor made of levels and weights.
    """
    if not isinstance(given, Mapping):
        raise checks.wrong("per_intent", "a mapping of intent to what differs there", given)
    return {str(intent): _override(str(intent), entry) for intent, entry in given.items()}


def _override(intent: str, entry: Any) -> Override:
    if isinstance(entry, Override):
        return entry
    name = f"per_intent.{intent}"
    if entry == NEVER:
        return Override(never=True)
    if not isinstance(entry, Mapping):
        raise checks.wrong(name, "`never`, or made of offer, handoff and weights", entry)
    checks.require_keys(name, entry, ("offer", "handoff", "weights"))
    for level in ("offer", "handoff"):
        if entry.get(level) is not None:
            checks.require_level(f"{name}.{level}", entry[level])
    weights = entry.get("weights") or {}
    checks.require_weights(f"{name}.weights", weights)
    return Override(offer=entry.get("offer"), handoff=entry.get("handoff"), weights=dict(weights))
