"""Checks the order number that a customer gives."""

from __future__ import annotations

import logging
from typing import Any, Final

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions import orders
from actions.conversation import ATTEMPTS_SLOT, ORDER_SLOT

logger = logging.getLogger(__name__)

# After the second unknown number the form ends, and the answer offers a human.
MOST_ATTEMPTS: Final = 2
# While the form waits, these say neither a number nor anything that a rule answers.
KEEP_ASKING: Final = frozenset(
    {
        "affirm",
        "broken_item",
        "cancel_order",
        "invoice",
        "late_delivery",
        "order_status",
        "provide_order_number",
        "refund",
        "return_item",
        "wrong_item",
    }
)


class ValidateOrderForm(FormValidationAction):
    """Accepts a number that the shop knows, in the form in which the shop writes it."""

    def name(self) -> str:
        """The form's name after `validate_`."""
        return "validate_order_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Stop asking after too many unknown numbers."""
        given_up = int(tracker.get_slot(ATTEMPTS_SLOT) or 0) >= MOST_ATTEMPTS
        return [] if given_up else domain_slots

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Keep asking a customer who goes on about an order without naming it.

        With no event at all the form would take the message for something else and give way to
        rules; none of them knows what to do about "it's three weeks late!!!" said again.
        """
        events: list[dict[str, Any]] = await super().get_validation_events(
            dispatcher, tracker, domain
        )
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        if not events and intent in KEEP_ASKING and not tracker.get_slot(ORDER_SLOT):
            return [SlotSet(ORDER_SLOT, None)]
        return events

    async def validate_order_number(
        self,
        slot_value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Look the number up; two numbers in one message give a list, of which the first is taken.

        Where the database cannot be read the number is kept unchecked: the action that answers
        meets the same failure and tells the customer.
        """
        written = str(slot_value[0] if isinstance(slot_value, list) else slot_value)
        try:
            order = await orders.answer_of(orders.OrderStore.from_environment().find, written)
        except orders.OrdersUnavailableError as error:
            logger.error("The shop's orders cannot be read: %s.", error)
            return {ORDER_SLOT: orders.normalize(written)}
        if order:
            return {ORDER_SLOT: order.number, ATTEMPTS_SLOT: 0}
        attempts = int(tracker.get_slot(ATTEMPTS_SLOT) or 0) + 1
        if attempts < MOST_ATTEMPTS:
            dispatcher.utter_message(response="utter_order_unknown", number=written)
        return {ORDER_SLOT: None, ATTEMPTS_SLOT: attempts}
