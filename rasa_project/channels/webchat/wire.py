"""What goes over the wire to a chat client, live and from the history alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_project import attachments
from rasa_project.attachments import kind_of
from rasa_project.channels.files.formats import SHOWN
from rasa_project.channels.files.links import Links

# Who else but the assistant may speak on the bot's side of the conversation.
_HUMAN_SIDE = {"agent", "system"}


def wire_messages(message: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Splits one bot utterance into the messages that go over the wire.

    Args:
        message: What `BotUttered.message()` gives: text, data, timestamp and metadata, flat.
        name: The id of an utterance whose metadata gives it none.

    Returns:
        One dictionary a message, in the order in which Rasa's own channels send them: the text's
        paragraphs (buttons on the last one), custom JSON, image, attachment, elements, files of the
        metadata's `attachments`. Each has
        `id`, `timestamp` (seconds since 1970, or None), `sender` (bot, agent or system) and, for
        an agent, `agent` (the name to show) and `picture` (its address) where there is one.
    """
    files = attachments.read(message)
    if files and str(message.get("text") or "").strip() == attachments.stand_in(files):
        message = {**message, "text": ""}  # the files speak for themselves
    bodies = [*_text_bodies(message), *_media_bodies(message), *map(_file_body, files)]
    base = str(message.get("message_id") or name)
    envelope = {"timestamp": message.get("timestamp"), **_speaker(message)}
    return [
        {**body, "id": base if index == 0 else f"{base}.{index}", **envelope}
        for index, body in enumerate(bodies)
    ]


def with_addresses(body: Mapping[str, Any], links: Links) -> dict[str, Any]:
    """Return a message with addresses that open its files for a while.

    They are no part of what is stored, since they expire.
    """
    dressed = dict(body)
    if body.get("files"):
        dressed["files"] = [
            {**one, "src": links.make(one["id"], one["name"])} for one in body["files"]
        ]
    held = body.get("attachment")
    shown = held.get("payload") if isinstance(held, Mapping) else None
    if isinstance(held, Mapping) and isinstance(shown, Mapping) and shown.get("file"):
        address = links.make(str(shown["file"]), str(shown.get("title") or ""))
        dressed["attachment"] = {**held, "payload": {**shown, "src": address}}
    return dressed


def _file_body(file: Mapping[str, Any]) -> dict[str, Any]:
    """Show a file that is kept here, or that stands elsewhere."""
    payload = {"title": file.get("name", ""), "size": file.get("size")}
    payload |= {"file": file["id"]} if file.get("stored") else {"src": file.get("url")}
    mime_type = str(file.get("mime_type") or "")
    sound = "audio" if kind_of(mime_type) == "audio" else "file"
    kind = "image" if mime_type in SHOWN else sound
    return {"attachment": {"type": kind, "payload": payload}}


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
    reply = {"content_type": "text", "title": title, "payload": button.get("payload") or title}
    return {**reply, "url": button["url"]} if isinstance(button.get("url"), str) else reply


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


def _speaker(message: Mapping[str, Any]) -> dict[str, Any]:
    sender = message.get("sender")
    if sender not in _HUMAN_SIDE:
        return {"sender": "bot"}
    if sender == "agent":
        agent = {"sender": "agent", "agent": str(message.get("agent") or "")}
        picture = message.get("picture")
        return {**agent, "picture": picture} if isinstance(picture, str) else agent
    return {"sender": "system"}
