"""What actions read from a conversation and leave in it."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.orders import normalize

ORDER_SLOT: Final = "order_number"
ATTEMPTS_SLOT: Final = "order_attempts"
# What a "yes" on the next turn would mean. The domain clears it on every turn that is not a
# yes, so that nobody agrees to something said long ago.
OFFER_SLOT: Final = "offer"
NO_OFFER: Final = "nothing"
HUMAN: Final = "human"

Events = list[dict[str, Any]]


def language(tracker: Tracker) -> str:
    """The customer's language, `en` or `zh`."""
    return "zh" if tracker.get_slot("language") == "zh" else "en"


def known_order(tracker: Tracker) -> str | None:
    """The order that the conversation is about, if one was named; it need not exist."""
    value = tracker.get_slot(ORDER_SLOT)
    # Two numbers in one message make a list.
    first = value[0] if isinstance(value, list) and value else value
    return normalize(str(first)) if first else None


def offering(what: str) -> Events:
    """Remember what a "yes" would now mean."""
    return [SlotSet(OFFER_SLOT, what)]
