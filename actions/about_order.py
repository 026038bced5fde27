"""What every action about one order has in common: finding it, or saying why not."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    ATTEMPTS_SLOT,
    HUMAN,
    NO_OFFER,
    ORDER_SLOT,
    Events,
    known_order,
    language,
    offering,
)
from actions.orders import Order, OrderStore, OrdersUnavailableError, answer_of
from actions.wording import day, euros

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What an answer is made of.

    Attributes:
        order: The order in question.
        store: Where requests are filed.
        dispatcher: Takes the replies.
        language: `en` or `zh`.
        today: The day to count from.
    """

    order: Order
    store: OrderStore
    dispatcher: CollectingDispatcher
    language: str
    today: date

    def say(self, response: str, **more: Any) -> None:
        """Give a reply; number, item, sum and days late are at its disposal."""
        self.dispatcher.utter_message(
            response=response,
            number=self.order.number,
            item=self.order.item(self.language),
            amount=euros(self.order.cents),
            days_late=self.order.days_late(self.today),
            **more,
        )

    def day(self, moment: date | None) -> str:
        """A day in the customer's language; empty where it is not known."""
        return day(moment, self.language) if moment else ""


class OrderAction(Action, ABC):
    """Answers about the order in the slot `order_number`."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    @abstractmethod
    async def answer(self, desk: Desk) -> Events:
        """Reply, and return what the conversation should remember.

        Raises:
            OrdersUnavailableError: `run` tells the customer.
        """

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Find the order and answer, or say in a sentence why that is not possible."""
        store = OrderStore.from_environment()
        number = known_order(tracker)
        try:
            order = await answer_of(store.find, number) if number else None
            if order:
                desk = Desk(order, store, dispatcher, language(tracker), date.today())
                return [*offering(NO_OFFER), *await self.answer(desk)]
        except OrdersUnavailableError as error:
            logger.error("%s cannot use the shop's orders: %s.", self.name(), error)
            dispatcher.utter_message(response="utter_orders_unavailable")
            return offering(HUMAN)
        dispatcher.utter_message(response="utter_order_not_found")
        return [SlotSet(ORDER_SLOT, None), SlotSet(ATTEMPTS_SLOT, 0), *offering(HUMAN)]
