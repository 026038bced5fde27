"""What a chat client sees of a conversation, the same live and after a reload.

`wire_messages` turns one bot utterance into the messages that clients of Rasa's `socketio`
channel understand; `transcript` turns a tracker's events into the history. Both go through the
same code, so a message keeps its id however it arrives and a client can drop doubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.constants import IS_EXTERNAL
from rasa.shared.core.events import BotUttered, Event, UserUttered

# Who else but the assistant may speak on the bot's side of the conversation.
_HUMAN_SIDE = {"agent", "system"}


def wire_messages(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Splits one bot utterance into the messages that go over the wire.

    Args:
        message: What `BotUttered.message()` gives: text, data, timestamp and metadata, flat.

    Returns:
        One dictionary a message, in the order in which Rasa's own channels send them: the text's
        paragraphs (buttons on the last one), custom JSON, image, attachment, elements. Each has
        `id`, `timestamp` (seconds since 1970, or None), `sender` (bot, agent or system) and, for
        an agent, `agent` (the name to show).
    """
    bodies = [*_text_bodies(message), *_media_bodies(message)]
    base = _message_id(message)
    envelope = {"timestamp": message.get("timestamp"), **_speaker(message)}
    return [
        {**body, "id": base if index == 0 else f"{base}.{index}", **envelope}
        for index, body in enumerate(bodies)
    ]


def transcript(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Lists what customer, bot, agent and system said, oldest first.

    Args:
        events: A tracker's events, reverted turns included: the customer saw those too.

    Returns:
        Messages as `wire_messages` makes them; the customer's own have `sender` user. A button
        that was pressed shows by its title, never by its payload.
    """
    messages: list[dict[str, Any]] = []
    titles: dict[str, str] = {}
    for event in events:
        if isinstance(event, BotUttered):
            for message in wire_messages(event.message()):
                # Rasa strips what the client sends, so the payload is looked up stripped.
                titles.update(
                    (str(reply["payload"]).strip(), reply["title"])
                    for reply in message.get("quick_replies", [])
                )
                messages.append(message)
        elif isinstance(event, UserUttered) and not event.metadata.get(IS_EXTERNAL):
            messages.append(_user_message(event, titles))
    return messages


def client_message_id(event: Event) -> str | None:
    """Returns the id under which a client sent this customer's message, if it gave one."""
    if not isinstance(event, UserUttered):
        return None
    message_id = event.metadata.get("message_id")
    return message_id if isinstance(message_id, str) else None


def _user_message(event: UserUttered, titles: Mapping[str, str]) -> dict[str, Any]:
    text = event.text or ""
    return {
        "text": titles.get(text, text),
        "id": client_message_id(event) or event.message_id or f"user-{event.timestamp:.6f}",
        "timestamp": event.timestamp,
        "sender": "user",
    }


def _text_bodies(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = message.get("text") or ""
    buttons = message.get("quick_replies") or message.get("buttons") or []
    paragraphs = [part for part in text.strip().split("\n\n") if part.strip()]
    if not buttons:
        return [{"text": paragraph} for paragraph in paragraphs]
    # Clients of Rasa's own channel expect the key on every paragraph, empty but on the last.
    bodies: list[dict[str, Any]] = [
        {"text": paragraph, "quick_replies": []} for paragraph in paragraphs or [""]
    ]
    bodies[-1]["quick_replies"] = [_quick_reply(button) for button in buttons]
    return bodies


def _quick_reply(button: Mapping[str, Any]) -> dict[str, Any]:
    title = str(button.get("title", ""))
    return {"content_type": "text", "title": title, "payload": button.get("payload") or title}


def _media_bodies(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = []
    if custom := message.get("custom"):
        bodies.append(_custom_body(custom))
    if image := message.get("image"):
        bodies.append({"attachment": {"type": "image", "payload": {"src": image}}})
    if attachment := message.get("attachment"):
        bodies.append({"attachment": attachment})
    for element in message.get("elements") or []:
        payload = {"template_type": "generic", "elements": element}
        bodies.append({"attachment": {"type": "template", "payload": payload}})
    return bodies


def _custom_body(custom: Any) -> dict[str, Any]:
    """Rasa's own channel sends what stands under `data`; the rest (a `room`!) is not for us."""
    if isinstance(custom, Mapping) and isinstance(custom.get("data"), Mapping):
        return dict(custom["data"])
    return {"custom": custom}


def _message_id(message: Mapping[str, Any]) -> str:
    if message_id := message.get("message_id"):
        return str(message_id)
    # Rasa sets an utterance's time once and stores the very same number with the event.
    timestamp = message.get("timestamp")
    return f"bot-{timestamp:.6f}" if isinstance(timestamp, float) else "bot-untimed"


def _speaker(message: Mapping[str, Any]) -> dict[str, Any]:
    sender = message.get("sender")
    if sender not in _HUMAN_SIDE:
        return {"sender": "bot"}
    if sender == "agent":
        return {"sender": "agent", "agent": str(message.get("agent") or "")}
    return {"sender": "system"}
