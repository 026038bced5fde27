"""The bank's custom actions, as its author wrote them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

Events = list[dict[str, Any]]


class ValidateTransferForm(FormValidationAction):
    def name(self) -> str:
        return "validate_transfer_form"

    def validate_amount(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        if float(value) <= 5000:
            return {"amount": float(value)}
        dispatcher.utter_message(response="utter_amount_too_high")
        return {"amount": None}


class ValidateCardForm(FormValidationAction):
    def name(self) -> str:
        return "validate_card_form"

    def validate_card_digits(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        if str(value).isdigit() and len(str(value)) == 4:
            return {"card_digits": str(value)}
        dispatcher.utter_message(response="utter_digits_wrong")
        return {"card_digits": None}


class Balance(Action):
    def name(self) -> str:
        return "action_balance"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        dispatcher.utter_message(text=f"{tracker.get_slot('account_type')}: 1204 euros.")
        return []


class Transfer(Action):
    def name(self) -> str:
        return "action_transfer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        dispatcher.utter_message(text=f"Sent to {tracker.get_slot('recipient')}.")
        return [SlotSet(name, None) for name in ("recipient", "amount", "confirmed")]
