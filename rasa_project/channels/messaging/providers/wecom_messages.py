"""Reads WeCom's messages ("消息格式", "事件格式"), of which most are as WeChat's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rasa_project.channels.messaging.part import Button
from rasa_project.channels.messaging.providers.wechat_messages import (
    common,
    content,
    event_id,
    number,
)
from rasa_project.channels.messaging.turn import Reading, Turn

RESPONSE_CODE: Final = "response_code"
_TITLE: Final = "|"


def read_message(
    message: Mapping[str, str], agent: int, start: str, menu: Mapping[str, str]
) -> Reading:
    """Read one message or event.

    Args:
        message: The texts of its elements.
        agent: The app's number; what goes to another app is ignored.
        start: What it means when somebody may use the app from now on.
        menu: What the keys of the app's menu mean.
    """
    kind = message["MsgType"]
    if message.get("AgentID", "") != str(agent):
        return Reading(ignored=(f"a message for another app ({kind[:40]})",))
    if kind == "event":
        return _happened(message, start, menu)
    turn = Turn(id=number(message["MsgId"]), **common(message), **content(kind, message))
    if not turn.words():
        return Reading(ignored=(f"message {turn.id} ({kind[:40]})",))
    return Reading(turns=(turn,))


def key_of(button: Button) -> str:
    """Return a button's key on a card: its token, and its title for when it is too old."""
    return f"{button.token}{_TITLE}{button.title}"


def _happened(message: Mapping[str, str], start: str, menu: Mapping[str, str]) -> Reading:
    event, key = message["Event"], message.get("EventKey", "")
    name, said = event_id(message), common(message)
    if event == "subscribe":
        turn = Turn(id=name, begin=start, **said)
    elif event == "click":
        turn = Turn(id=name, text=key, begin=menu.get(key, ""), **said)
    elif event == "template_card_event":
        token, _, title = key.partition(_TITLE)
        route = {RESPONSE_CODE: message.get("ResponseCode", "")}
        turn = Turn(id=name, pressed=token or "-", text=title, route=route, **said)
    else:
        return Reading(ignored=(f"event {name} ({event[:40]})",))
    return Reading(turns=(turn,))
