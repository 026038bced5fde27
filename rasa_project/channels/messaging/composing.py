"""What Rasa says, as the parts that a channel takes."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rasa_project import attachments
from rasa_project.channels.messaging.part import Button, Part
from rasa_project.channels.messaging.provider import Limits
from rasa_project.channels.messaging.splitting import split, split_end
from rasa_project.channels.messaging.turn import storable

logger = logging.getLogger(__name__)

# Below buttons there has to be some text; this one is in no language.
_WORDLESS: Final = "…"
_GAPS: Final = re.compile(r"\n{3,}")


def compose(message: Mapping[str, Any], channel: str, limits: Limits) -> list[Part]:
    """Turn one utterance into parts, in the order in which Rasa's own channels send them.

    Args:
        message: What Rasa hands to a channel: `BotUttered.message()`.
        channel: The channel's name; its key in `custom` is for this channel, all others are not.
        limits: What the channel takes.

    Returns:
        None for an utterance that holds nothing for this channel.
    """
    message = storable(message)
    parts: list[Part] = []
    files = attachments.read(message)
    if files and str(message.get("text") or "").strip() == attachments.stand_in(files):
        message = {**message, "text": ""}  # the files speak for themselves
    buttons = message.get("quick_replies") or message.get("buttons") or []
    parts += text_parts(str(message.get("text") or ""), buttons, limits)
    if custom := message.get("custom"):
        parts += _custom(custom, channel, limits)
    if image := message.get("image"):
        parts.append(Part("image", url=str(image)))
    if attachment := message.get("attachment"):
        parts += _attachment(attachment, limits)
    for element in message.get("elements") or []:
        parts += _element(element, limits)
    return [*parts, *_files(files, channel)]


def _files(files: Sequence[Mapping[str, Any]], channel: str) -> list[Part]:
    """Send an agent's files by the addresses at which they can be fetched."""
    for one in files:
        if not one.get("url"):
            logger.error("%s: %r has no address: see `files.public_url`.", channel, one.get("name"))
    return [
        Part("image" if one.get("kind") == "image" else "file", url=one["url"])
        for one in files
        if one.get("url")
    ]


def text_parts(text: str, buttons: Sequence[Mapping[str, Any]], limits: Limits) -> list[Part]:
    """Turn a text with buttons into parts; the last one carries the buttons."""
    links = [one for one in buttons if one.get("url")]
    lines = [f"{one.get('title') or ''}: {one['url']}".lstrip(": ") for one in links]
    choices = tuple(_button(one) for one in buttons if not one.get("url"))
    text = _GAPS.sub("\n\n", "\n".join([text.strip(), *lines])).strip()
    numbered = bool(choices) and not _fits(choices, limits)
    if numbered:
        listed = "\n".join(f"{number}. {one.title}" for number, one in enumerate(choices, 1))
        text = f"{text}\n\n{listed}".strip()
    if choices and not text:
        text = _WORDLESS
    above = limits.button_text if choices and not numbered else None
    parts = [Part("text", text=piece) for piece in _pieces(text, limits, above)]
    if choices:
        parts[-1] = Part("text", text=parts[-1].text, buttons=choices, numbered=numbered)
    return parts


def _pieces(text: str, limits: Limits, last: int | None) -> list[str]:
    """Cut a text; the last piece is at most `last`, where that is less."""
    if last is None or limits.measure(text) <= last:
        return split(text, limits.text, limits.measure)
    beginning, end = split_end(text, last, limits.measure)
    return [*split(beginning, limits.text, limits.measure), end]


def _fits(choices: Sequence[Button], limits: Limits) -> bool:
    titles = {one.title for one in choices}  # some services refuse two that are alike
    short = all(len(title) <= limits.button_title for title in titles)
    return short and len(titles) == len(choices) <= limits.buttons


def _button(button: Mapping[str, Any]) -> Button:
    payload = str(button.get("payload") or button.get("title") or "")
    return Button(str(button.get("title") or payload) or _WORDLESS, payload)


def _custom(custom: Any, channel: str, limits: Limits) -> list[Part]:
    mine = custom.get(channel) if isinstance(custom, Mapping) else None
    if isinstance(mine, Mapping):
        return [Part("custom", custom=mine)]
    text = custom.get("text") if isinstance(custom, Mapping) else None
    if isinstance(text, str):
        return text_parts(text, (), limits)
    # A customer must not read JSON that was meant for another channel.
    logger.warning("A custom response holds nothing for %s: no key of that name.", channel)
    return []


def _attachment(attachment: Any, limits: Limits) -> list[Part]:
    if isinstance(attachment, str):
        return [Part("file", url=attachment)]
    payload = attachment.get("payload") if isinstance(attachment, Mapping) else None
    found = payload if isinstance(payload, Mapping) else {}
    url = found.get("url") or found.get("src")
    if not url:
        logger.warning("An attachment without an address is left out.")
        return []
    return [Part("image" if attachment.get("type") == "image" else "file", url=str(url))]


def _element(element: Any, limits: Limits) -> list[Part]:
    if not isinstance(element, Mapping):
        return []
    image = [Part("image", url=str(element["image_url"]))] if element.get("image_url") else []
    words = [str(element[key]) for key in ("title", "subtitle") if element.get(key)]
    return image + text_parts("\n".join(words), element.get("buttons") or (), limits)
