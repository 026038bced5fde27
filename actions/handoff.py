"""Tells the customer that a human takes over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import NO_OFFER, Events, known_order, offering
from actions.opening_hours import CLOSES, OPENS, is_open

STATE_SLOT: Final = "handoff_state"
REASON_SLOT: Final = "escalation_reason"
QUEUED: Final = "queued"
# Where a rule, not the escalation policy, called for the handoff.
REASON_OF_A_RULE: Final = "accepted the offer of a human"


class Handoff(Action):
    """Queues the conversation for a human.

    The slots it sets are those that the escalation policy sets as well, so a rule of one's own can
    call this action too. It needs no database: a handoff must never fail for the shop's reasons.
    """

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_handoff"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Say what happens next; out of hours also when."""
        number = known_order(tracker)
        if number:
            dispatcher.utter_message(response="utter_handoff_order", number=number)
        else:
            dispatcher.utter_message(response="utter_handoff")
        if not is_open(datetime.now()):
            dispatcher.utter_message(
                response="utter_handoff_after_hours", opens=f"{OPENS}:00", closes=f"{CLOSES}:00"
            )
        # The policy's own reason is already in the slot when the action runs.
        reason = tracker.get_slot(REASON_SLOT) or REASON_OF_A_RULE
        # After the handback a "yes" must not bring the conversation here again.
        return [
            SlotSet(STATE_SLOT, QUEUED),
            SlotSet(REASON_SLOT, reason),
            *offering(NO_OFFER),
        ]
