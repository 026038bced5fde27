"""Answers about an order on its way: where it is, why it is late, calling it off."""

from __future__ import annotations

from typing import Final

from actions.about_order import Desk, OrderAction
from actions.conversation import HUMAN, Events, offering

CANCEL: Final = "cancel"


class OrderStatus(OrderAction):
    """Says where an order is and when it is due."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_order_status"

    def answer(self, desk: Desk) -> Events:
        """A late order is told as late, whatever was asked."""
        if desk.order.days_late(desk.today):
            return tell_late(desk)
        tell_status(desk)
        return []


class LateDelivery(OrderAction):
    """Answers a customer who says that an order is late."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_late_delivery"

    def answer(self, desk: Desk) -> Events:
        """Where the shop's records disagree, say what they hold and offer a human."""
        if desk.order.days_late(desk.today):
            return tell_late(desk)
        tell_status(desk)
        if desk.order.status == "delivered":
            desk.say("utter_delivered_but_missing")
            return offering(HUMAN)
        return []


class CancelOrder(OrderAction):
    """Offers to cancel what has not left yet."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_cancel_order"

    def answer(self, desk: Desk) -> Events:
        """What has left can be returned once it is there."""
        if desk.order.status == "processing":
            desk.say("utter_cancel_offer")
            return offering(CANCEL)
        if desk.order.status == "shipped":
            desk.say("utter_cancel_too_late")
        else:
            tell_status(desk)
        return []


def tell_status(desk: Desk) -> None:
    """One reply for each status, with the day that matters."""
    order = desk.order
    days = {
        "processing": order.due_on,
        "shipped": order.due_on,
        "delivered": order.delivered_on,
        "returned": order.scanned_on,
        "cancelled": order.ordered_on,
    }
    desk.say(f"utter_status_{order.status}", day=desk.day(days[order.status]))


def tell_late(desk: Desk) -> Events:
    """How late, what is known of the parcel, and the offer to have a human look into it."""
    due = desk.day(desk.order.due_on)
    if desk.order.scanned_on:
        desk.say("utter_late_shipped", due=due, scanned=desk.day(desk.order.scanned_on))
    else:
        desk.say("utter_late_processing", due=due)
    return offering(HUMAN)
