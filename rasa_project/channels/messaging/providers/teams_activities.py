"""Reads activities of the Bot Framework as Teams fills them.

"Activity schema" at https://github.com/microsoft/Agents and "Bot activity handlers", "Send and
receive files" and "Channel and group conversations" at https://learn.microsoft.com/microsoftteams.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from typing import Any, Final

from rasa_project.channels.messaging.settings import require_address
from rasa_project.channels.messaging.turn import Attachment, AttachmentKind, Reading, Turn
from rasa_project.webhooks import signatures

# In `Turn.route`.
SERVICE: Final = "service"
CONVERSATION: Final = "conversation"
BOT: Final = "bot"
# In a button's value.
CHOICE: Final = "choice"
_TEAMS: Final = "msteams"
_BOT_ID: Final = "28:"  # before the ids of bots; people's begin with 29:
_PERSONAL: Final = "personal"
_FILE: Final = "application/vnd.microsoft.teams.file.download.info"
_AT: Final = re.compile(r"</?at\b[^>]*>", re.IGNORECASE)
_FRACTION: Final = re.compile(r"\.(\d+)")
_KINDS: Final[dict[str, AttachmentKind]] = {"image": "image", "video": "video", "audio": "audio"}


def read_activity(activity: Mapping[str, Any], groups: bool, start: str) -> Reading:
    """Read one activity.

    Args:
        activity: As the Bot Connector sends it.
        groups: Whether the bot answers outside personal chats.
        start: What it means that somebody adds the bot.
    """
    kind = str(activity["type"])
    if activity["channelId"] != _TEAMS:
        return Reading(ignored=(f"an activity of {str(activity['channelId'])[:40]!r}",))
    if kind == "conversationUpdate":
        return _joined(activity, start)
    if kind not in {"message", "messageUpdate"}:
        return Reading(ignored=(f"an activity {kind[:40]!r}",))
    if why_not := _why_not(activity, groups):
        return Reading(ignored=(why_not,))
    pressed = (activity.get("value") or {}).get(CHOICE) if _has_value(activity) else None
    turn = Turn(
        id=f"{_word(activity['conversation'], 'id')}-{_word(activity, 'id')}",
        text=_text(activity),
        pressed=str(pressed or ""),
        order=_moment(activity),
        sent_at=_moment(activity),
        attachments=tuple(_attachments(activity)),
        edits=kind == "messageUpdate",
        **_about(activity),
    )
    return Reading(turns=(turn,))


def _joined(activity: Mapping[str, Any], start: str) -> Reading:
    """Greet somebody who added the bot; changes of a group are none of its business."""
    own = activity["recipient"]["id"]
    added = [member["id"] for member in activity.get("membersAdded") or []]
    if own not in added or not _is_personal(activity) or not start:
        return Reading(ignored=("a change of a conversation",))
    name = str(activity.get("id") or "begin")
    turn = Turn(
        id=f"{_word(activity['conversation'], 'id')}-{name}", begin=start,
        order=_moment(activity), sent_at=_moment(activity), **_about(activity),
    )  # fmt: skip
    return Reading(turns=(turn,))


def _why_not(activity: Mapping[str, Any], groups: bool) -> str:
    sender = activity["from"]
    if sender.get("role") in {"bot", "skill"} or str(sender["id"]).startswith(_BOT_ID):
        return "a bot's own message"
    if _is_personal(activity):
        return ""
    if not groups:
        return "a message in a group"
    is_for_us = _has_value(activity) or bool(_mentions(activity))
    return "" if is_for_us else "a message to others in a group"


def _about(activity: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a turn that say who and where."""
    conversation, sender = _word(activity["conversation"], "id"), activity["from"]
    user = str(sender.get("aadObjectId") or sender["id"])
    client = next((one for one in _entities(activity) if one.get("type") == "clientInfo"), {})
    bot = activity["recipient"]
    return {
        "customer": conversation if _is_personal(activity) else f"{conversation}|{user}",
        "name": str(sender.get("name") or ""),
        "language": str(activity.get("locale") or client.get("locale") or ""),
        "time_zone": str(activity.get("localTimezone") or client.get("timezone") or ""),
        "route": {
            SERVICE: require_address(str(activity["serviceUrl"])),
            CONVERSATION: conversation,
            BOT: {"id": _word(bot, "id"), "name": str(bot.get("name") or "")},
        },
        "extra": {"user": user},
    }


def _is_personal(activity: Mapping[str, Any]) -> bool:
    conversation = activity["conversation"]
    kind = conversation.get("conversationType")
    return kind == _PERSONAL or (kind is None and not conversation.get("isGroup"))


def _has_value(activity: Mapping[str, Any]) -> bool:
    value = activity.get("value")
    return isinstance(value, dict) and CHOICE in value


def _entities(activity: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in activity.get("entities") or [] if isinstance(one, dict)]


def _mentions(activity: Mapping[str, Any]) -> list[str]:
    """Return the words by which the bot is mentioned."""
    own = activity["recipient"]["id"]
    return [
        str(one.get("text") or "")
        for one in _entities(activity)
        if one.get("type") == "mention" and (one.get("mentioned") or {}).get("id") == own
    ]


def _text(activity: Mapping[str, Any]) -> str:
    """Return what is said, without the mention of the bot."""
    text = str(activity.get("text") or "")
    for mention in filter(None, _mentions(activity)):
        text = text.replace(mention, "")
    return _AT.sub("", text).replace("\xa0", " ").strip()


def _attachments(activity: Mapping[str, Any]) -> list[Attachment]:
    found = []
    for one in activity.get("attachments") or []:
        kind = str(one.get("contentType") or "")
        if kind == _FILE:
            found.append(_file(one))
        elif kind.partition("/")[0] in _KINDS:  # the text again as HTML, and cards, are none
            url = str(one.get("contentUrl") or "")
            mime_type = "" if kind.endswith("*") else kind
            found.append(
                Attachment(
                    _KINDS[kind.partition("/")[0]], id=url.rpartition("/")[2], url=url,
                    name=str(one.get("name") or ""), mime_type=mime_type,
                )
            )  # fmt: skip
    return found


def _file(attachment: Mapping[str, Any]) -> Attachment:
    content, name = attachment.get("content") or {}, str(attachment.get("name") or "")
    mime_type = mimetypes.guess_type(name)[0] or ""
    return Attachment(
        _KINDS.get(mime_type.partition("/")[0], "file"),
        id=str(content.get("uniqueId") or ""),
        url=str(content.get("downloadUrl") or attachment.get("contentUrl") or ""),
        name=name,
        mime_type=mime_type,
    )


def _moment(activity: Mapping[str, Any]) -> float | None:
    """Return an activity's time; Microsoft writes seven digits behind the point."""
    said = str(activity.get("timestamp") or "")
    return signatures.seconds(_FRACTION.sub(lambda match: f".{match[1][:6]:0<6}", said, count=1))


def _word(content: Mapping[str, Any], key: str) -> str:
    value = content[key]
    if not isinstance(value, str) or not value:
        raise TypeError(key)
    return value
