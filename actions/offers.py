"""Replies that end with the offer of a human."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import ATTEMPTS_SLOT, HUMAN, Events, known_order, offering


class _ReplyAndOffer(Action, ABC):
    """Gives one reply and remembers that a "yes" now asks for a human."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    def reply(self, tracker: Tracker) -> str:
        """Name of the reply, which may speak of the order `number`."""
        return self.name().replace("action_", "utter_", 1)

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """The reply is named like the action."""
        dispatcher.utter_message(response=self.reply(tracker), number=known_order(tracker))
        # Where the form was left for this, its count of unknown numbers starts anew.
        return [SlotSet(ATTEMPTS_SLOT, 0), *offering(HUMAN)]


class AccountAccess(_ReplyAndOffer):
    """What customers can do themselves; the rest needs someone who can check who they are."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_account_access"


class Complaint(_ReplyAndOffer):
    """Takes a complaint."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_complaint"

    def reply(self, tracker: Tracker) -> str:
        """Nobody wants to be asked again for a number already given."""
        return "utter_complaint_order" if known_order(tracker) else super().reply(tracker)


class OutOfScope(_ReplyAndOffer):
    """Says that the assistant does not know."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_out_of_scope"

    def reply(self, tracker: Tracker) -> str:
        """Named for what it says: the question may well be one for the shop."""
        return "utter_no_answer"


class NoOrderNumber(_ReplyAndOffer):
    """Takes no for an answer where an order number was asked for."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_no_order_number"
