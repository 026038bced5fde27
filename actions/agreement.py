"""Does what the customer has just agreed to, in the shop's database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.about_order import Desk, OrderAction
from actions.aftersales import REFUND, REPLACEMENT, RETURN
from actions.conversation import Events
from actions.delivery import tell_status
from actions.orders import answer_of
from actions.wording import masked


class _Agreed(OrderAction, ABC):
    """Ends the turn itself: the rule that led here holds for an offer that is now taken."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Do it, then listen."""
        return [*await super().run(dispatcher, tracker, domain), FollowupAction("action_listen")]


class RegisterRefund(_Agreed):
    """Files the request for a refund."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_register_refund"

    async def answer(self, desk: Desk) -> Events:
        """Say under which number it is on file."""
        return await file(desk, REFUND, "utter_refund_registered")


class RegisterReturn(_Agreed):
    """Files the return."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_register_return"

    async def answer(self, desk: Desk) -> Events:
        """Say under which number it is on file, and what to write on the parcel."""
        return await file(desk, RETURN, "utter_return_registered")


class RegisterReplacement(_Agreed):
    """Files the request for a replacement."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_register_replacement"

    async def answer(self, desk: Desk) -> Events:
        """Say under which number it is on file."""
        return await file(desk, REPLACEMENT, "utter_replacement_registered")


class CancelAsAgreed(_Agreed):
    """Cancels the order if it still can be cancelled."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_cancel_as_agreed"

    async def answer(self, desk: Desk) -> Events:
        """Between the question and the answer the parcel may have left."""
        if await answer_of(desk.store.cancel, desk.order.number):
            desk.say("utter_cancelled")
            return []
        tell_status(desk)
        return []


async def file(desk: Desk, kind: str, response: str) -> Events:
    """File a request; agreeing twice files one."""
    request, _ = await answer_of(desk.store.file_request, desk.order.number, kind)
    desk.say(response, request=request, email=masked(desk.order.email))
    return []
