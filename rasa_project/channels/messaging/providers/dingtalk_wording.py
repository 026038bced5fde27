"""Writes messages for DingTalk: one form for sessions, another for messages that answer none."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.part import Part

# Pressed, it has the customer say what stands behind ("dtmd" in "消息类型与数据格式").
_PRESS: Final = "dtmd://dingtalkclient/sendMessage?content="


def session_message(part: Part) -> dict[str, Any]:
    """Return a message for a session's address."""
    if part.kind == "custom":
        if not isinstance(part.custom.get("msgtype"), str):
            raise NotSent("A message for DingTalk needs its `msgtype`.", hopeless=True)
        return dict(part.custom)
    if part.kind == "image":
        picture = {"title": "📷", "text": f"![]({quote(part.url, safe=':/?&=%#+,;@~')})"}
        return {"msgtype": "markdown", "markdown": picture}
    if part.native_buttons:
        buttons = [
            {"title": one.title, "actionURL": _pressing(one.title)} for one in part.native_buttons
        ]
        card = {"title": _title(part), "text": _plain(part.text), "btns": buttons}
        return {"msgtype": "actionCard", "actionCard": {**card, "btnOrientation": "0"}}
    return {"msgtype": "text", "text": {"content": part.text or part.url}}


def template_message(part: Part) -> tuple[str, dict[str, Any]]:
    """Return a message's template and what fills it ("机器人发送消息的消息类型")."""
    if part.kind == "custom":
        # Written for sessions; templates have other names and fields.
        raise NotSent("DingTalk takes it only within a session.", hopeless=True)
    if part.kind == "image":
        return "sampleImageMsg", {"photoURL": part.url}
    if not part.native_buttons:
        return "sampleText", {"content": part.text or part.url}
    card = {"title": _title(part), "text": _plain(part.text)}
    titles = [one.title for one in part.native_buttons]
    if len(titles) == 1:
        return "sampleActionCard", {
            **card, "singleTitle": titles[0], "singleURL": _pressing(titles[0]),
        }  # fmt: skip
    for number, title in enumerate(titles, 1):
        card[f"actionTitle{number}"], card[f"actionURL{number}"] = title, _pressing(title)
    return f"sampleActionCard{len(titles)}", card


def _pressing(title: str) -> str:
    """Return an address that has the customer say a title when it is pressed."""
    return _PRESS + quote(title, safe="")


def _title(part: Part) -> str:
    """Return what notifications show."""
    return part.text.split("\n", 1)[0][:20]


def _plain(text: str) -> str:
    """Return a text of which Markdown makes nothing; its lines stay lines."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_[]#<>!" else sign for sign in text)
    return escaped.replace("\n\n", "\0").replace("\n", "  \n").replace("\0", "\n\n")
