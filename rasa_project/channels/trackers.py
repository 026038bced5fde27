"""What Rasa has stored of a conversation."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import Event, UserUttered


async def events_of(agent: Any, conversation: str) -> list[Event]:
    """Return all events of a conversation, none of an unknown one, when no turn is under way.

    Args:
        agent: Rasa's agent.
        conversation: Rasa's sender id.
    """
    async with agent.lock_store.lock(conversation):
        tracker = await agent.tracker_store.retrieve_full_tracker(conversation)
    return [] if tracker is None else list(tracker.events)


async def has_heard(agent: Any, conversation: str, message_id: str) -> bool:
    """Say whether a customer's message is in a conversation; its answers were kept before it was.

    Args:
        agent: Rasa's agent.
        conversation: Rasa's sender id.
        message_id: As in the message's metadata.
    """
    events = await events_of(agent, conversation)
    return any(
        isinstance(event, UserUttered) and event.metadata.get("message_id") == message_id
        for event in events
    )
