"""Answers about an order on its way: where it is, why it is late, calling it off."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from actions.about_order import Desk, OrderAction
from actions.carrier import Carrier, CarrierUnavailableError, Scan
from actions.conversation import HUMAN, Events, offering
from actions.orders import Order

logger = logging.getLogger(__name__)

CANCEL: Final = "cancel"


class OrderStatus(OrderAction):
    """Says where an order is and when it is due."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_order_status"

    async def answer(self, desk: Desk) -> Events:
        """A late order is told as late, whatever was asked."""
        desk = await tracked(desk)
        if desk.order.days_late(desk.today):
            return tell_late(desk)
        tell_status(desk)
        return []


class LateDelivery(OrderAction):
    """Answers a customer who says that an order is late."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_late_delivery"

    async def answer(self, desk: Desk) -> Events:
        """Where the shop's records disagree, say what they hold and offer a human."""
        desk = await tracked(desk)
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

    async def answer(self, desk: Desk) -> Events:
        """What has left can be returned once it is there."""
        if desk.order.status == "processing":
            desk.say("utter_cancel_offer")
            return offering(CANCEL)
        if desk.order.status == "shipped":
            desk.say("utter_cancel_too_late")
        else:
            tell_status(desk)
        return []


async def tracked(desk: Desk) -> Desk:
    """Bring a parcel on its way up to date with the carrier's newest scan, where one can be asked.

    Where the carrier does not answer, the customer is told so and gets what the shop knows.
    """
    carrier = Carrier.from_environment()
    if carrier is None or desk.order.status != "shipped":
        return desk
    try:
        scan = await carrier.newest_scan(desk.order.number)
    except CarrierUnavailableError as error:
        logger.warning("The carrier's tracking cannot be used: %s.", error)
        desk.say("utter_tracking_unavailable")
        return desk
    return replace(desk, order=_with_scan(desk.order, scan)) if scan else desk


def _with_scan(order: Order, scan: Scan) -> Order:
    if scan.delivered:
        return replace(order, status="delivered", scanned_on=scan.day, delivered_on=scan.day)
    return replace(order, scanned_on=max(scan.day, order.scanned_on or scan.day))


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
