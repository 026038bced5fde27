"""What a Rasa tracker says about the turn under way and about who has the conversation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from emotion_component import trajectory
from emotion_component.escalation import Decision

LISTEN: Final = "action_listen"
HELD_SLOT: Final = "escalation_held"


def events_of_this_turn(tracker: DialogueStateTracker) -> list[Any]:
    """Collect the events after the customer's newest message, oldest first."""
    found: list[Any] = []
    for event in _newest_first(tracker.events):
        if event.type_name == "user":
            break
        found.append(event)
    found.reverse()
    return found


def actions_of(events: Iterable[Any]) -> list[str]:
    """Collect the names of the actions among events, in their order."""
    return [str(event.action_name) for event in events if event.type_name == "action"]


def spoke_after(events: list[Any], action: str) -> bool:
    """Tell whether the bot said something after an action that is among these events."""
    names = [event.action_name if event.type_name == "action" else None for event in events]
    return any(event.type_name == "bot" for event in events[names.index(action) :])


def failed(this_turn: list[Any]) -> bool:
    """Tell whether the newest action left no event, and the bot has said nothing on this turn.

    Under `rasa test` no action leaves events. There they come from the story, and name no policy.
    """
    if not this_turn or any(event.type_name == "bot" for event in this_turn):
        return False
    newest = this_turn[-1]
    if newest.type_name != "action" or newest.policy is None:
        return False
    return newest.action_name != LISTEN and not newest.action_name.startswith("utter_")


def state(tracker: DialogueStateTracker) -> str:
    """Read who has the conversation: `bot`, `queued` or `agent`."""
    value = slot_value(tracker, trajectory.HANDOFF_SLOT)
    return str(value) if value else trajectory.BOT_STATE


def slot_value(tracker: DialogueStateTracker, name: str) -> Any:
    """Read a slot; `None` where the domain lacks it."""
    # `tracker.get_slot` would log each look at a slot that a domain lacks.
    slot = tracker.slots.get(name)
    return slot.value if slot is not None else None


def state_lost_to_session_start(tracker: DialogueStateTracker) -> str | None:
    """The state that held before a session start dropped the slots, if a human had it.

    Where a bot does not carry slots over (`carry_over_slots_to_new_session: false`), the new
    session would give the conversation back to the bot while a colleague is still answering.
    """
    new_session = False
    for event in _newest_first(tracker.events):
        if event.type_name == "session_started":
            new_session = True
        elif event.type_name == "restart" or (
            event.type_name == "user" and not new_session and event is not tracker.latest_message
        ):
            return None
        elif event.type_name == "slot" and event.key == trajectory.HANDOFF_SLOT:
            lost = new_session and event.value not in (None, trajectory.BOT_STATE)
            return str(event.value) if lost and event.value != state(tracker) else None
    return None


def end_of_form(tracker: DialogueStateTracker) -> list[Event]:
    """Make the events that leave an active form; none outside a form.

    After the handback the customer's first words are not an answer to a question that a form asked
    before a human took over.
    """
    if not tracker.active_loop_name:
        return []
    return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


def taken_back_from_form(tracker: DialogueStateTracker, this_turn: list[Any]) -> list[Event]:
    """Make the events that undo what a form made of a yes or no that was not meant for it.

    Slots are filled before any policy is asked: a form that takes any text for a town has just
    found one called "no".
    """
    asked = slot_value(tracker, REQUESTED_SLOT) if tracker.active_loop_name else None
    filled = any(event.type_name == "slot" and event.key == asked for event in this_turn)
    return [SlotSet(str(asked), None)] if asked and filled else []


def moment(tracker: DialogueStateTracker) -> float:
    """Read when the newest event came, in seconds since the epoch."""
    return float(tracker.events[-1].timestamp) if tracker.events else 0.0


def kept(tracker: DialogueStateTracker, decision: Decision) -> list[Event]:
    """Make the event that keeps why nothing was said, where it differs from what is kept.

    A prediction of nothing leaves no action beside which the decision could stand.
    """
    if HELD_SLOT not in tracker.slots:
        return []
    held = decision if decision["held"] else None
    return [] if slot_value(tracker, HELD_SLOT) == held else [SlotSet(HELD_SLOT, held)]


def _newest_first(events: Any) -> Iterable[Any]:
    for seen, event in enumerate(reversed(events)):
        if seen >= trajectory.LOOK_BACK_EVENTS:
            return
        yield event
