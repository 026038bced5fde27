"""Answers about an order that has come: money back, sending back, wrong, broken, invoice."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from actions.about_order import Desk, OrderAction
from actions.conversation import HUMAN, Events, offering
from actions.delivery import tell_late, tell_status
from actions.orders import answer_of
from actions.wording import masked

REFUND: Final = "refund"
RETURN: Final = "return"
REPLACEMENT: Final = "replacement"
INVOICE: Final = "invoice"

# The shop's terms, as its help page states them.
RETURN_DAYS: Final = 30
# From this many days after the promised one a customer may ask for the money instead.
LATE_ENOUGH_DAYS: Final = 7


class Refund(OrderAction):
    """Says what the way to the money is, and offers to take it."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_refund"

    async def answer(self, desk: Desk) -> Events:
        """It depends on where the order is; what cannot be refunded here goes to a human."""
        order = desk.order
        if order.status == "returned":
            desk.say("utter_refund_returned", day=desk.day(order.scanned_on))
            return offering(HUMAN)
        if order.status == "cancelled":
            desk.say("utter_refund_cancelled")
            return offering(HUMAN)
        if order.status == "delivered":
            return offer_return(desk, "utter_refund_needs_return")
        if order.days_late(desk.today) >= LATE_ENOUGH_DAYS:
            desk.say("utter_refund_late_offer", due=desk.day(order.due_on))
            return offering(REFUND)
        if order.days_late(desk.today):
            return tell_late(desk)
        desk.say("utter_refund_not_yet", due=desk.day(order.due_on))
        return []


class ReturnItem(OrderAction):
    """Offers to register a return within the shop's terms."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_return_item"

    async def answer(self, desk: Desk) -> Events:
        """Only what has arrived can go back."""
        if desk.order.status == "delivered":
            return offer_return(desk, "utter_return_offer")
        tell_status(desk)
        if desk.order.status in ("processing", "shipped"):
            desk.say("utter_return_once_delivered", days=RETURN_DAYS)
        return []


class WrongItem(OrderAction):
    """Offers to register a replacement for a wrong or missing item."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_wrong_item"

    async def answer(self, desk: Desk) -> Events:
        """The same way as for a broken item, in other words."""
        return offer_replacement(desk, "utter_wrong_item_offer")


class BrokenItem(OrderAction):
    """Offers to register a replacement for a damaged or faulty item."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_broken_item"

    async def answer(self, desk: Desk) -> Events:
        """The same way as for a wrong item, in other words."""
        return offer_replacement(desk, "utter_broken_item_offer")


class Invoice(OrderAction):
    """Files the request for a copy of the invoice."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_invoice"

    async def answer(self, desk: Desk) -> Events:
        """Asking twice files one request."""
        request, new = await answer_of(desk.store.file_request, desk.order.number, INVOICE)
        response = "utter_invoice_requested" if new else "utter_invoice_already_requested"
        desk.say(response, request=request, email=masked(desk.order.email))
        return []


def offer_return(desk: Desk, response: str) -> Events:
    """Offer a return while its time lasts, else a human."""
    delivered = desk.order.delivered_on
    assert delivered is not None  # the caller asks for a delivered order's return only
    last_day = delivered + timedelta(days=RETURN_DAYS)
    if desk.today > last_day:
        desk.say("utter_return_too_late", day=desk.day(last_day), days=RETURN_DAYS)
        return offering(HUMAN)
    desk.say(response, day=desk.day(last_day))
    return offering(RETURN)


def offer_replacement(desk: Desk, response: str) -> Events:
    """Offer a replacement for what has arrived; else the records disagree, and a human looks."""
    if desk.order.status == "delivered":
        desk.say(response)
        return offering(REPLACEMENT)
    tell_status(desk)
    desk.say("utter_records_disagree")
    return offering(HUMAN)
