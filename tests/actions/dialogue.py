"""Runs an action as the action server does: a real tracker, a real dispatcher, real SQLite."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

DOMAIN = {"forms": {"order_form": {"required_slots": ["order_number"]}}}

# The event that the action server sends for a slot.
Slot = dict[str, Any]


def slot(name: str, value: Any) -> Slot:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def run(action: Action, **about: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the replies (name and values) and the events of one run."""
    return asyncio.run(run_beside(action, **about))


async def run_beside(
    action: Action, *, intent: str = "affirm", loop: str | None = None, **slots: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Do the same on an event loop on which other things happen."""
    tracker = Tracker(
        sender_id="customer",
        slots={"language": "en", **slots},
        latest_message={"intent": {"name": intent}, "text": ""},
        events=_events(slots),
        paused=False,
        followup_action=None,
        active_loop={"name": loop} if loop else {},
        latest_action_name="action_listen",
    )
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, DOMAIN)
    if inspect.isawaitable(events):
        events = await events
    # The dispatcher writes a reply's name twice, `template` being the old key.
    replies = [
        {key: value for key, value in message.items() if value and key != "template"}
        for message in dispatcher.messages
    ]
    return replies, events


def _events(slots: dict[str, Any]) -> list[dict[str, Any]]:
    """A user turn and the slot that it filled, which is what a form validates."""
    filled = [slot(name, value) for name, value in slots.items() if name == "order_number"]
    return [{"event": "action", "name": "action_listen"}, {"event": "user"}, *filled]
