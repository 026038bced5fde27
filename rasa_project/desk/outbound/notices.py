"""What the desk itself tells customers, in their language."""

from __future__ import annotations

from typing import Final

DEFAULT_LANGUAGE: Final = "en"

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "joined": "{agent} has joined the chat and has read what you wrote.",
        "returned": "Somebody else will take over and read what you wrote. Please stay with us.",
        "handed_back": "{agent} has left the chat. I'm the automated assistant again: "
        "what else can I do for you?",
        "handed_back_with_note": "{agent} has left the chat and notes: {note}\n\n"
        "I'm the automated assistant again: what else can I do for you?",
        "resolved": "{agent} has closed this request. "
        "Should anything else come up, just write here.",
        "resolved_with_note": "{agent} has closed this request and notes: {note}\n\n"
        "Should anything else come up, just write here.",
    },
    "zh": {
        "joined": "{agent}已加入对话，您之前写的内容都已看过。",
        "returned": "将由另一位客服继续为您服务，您写的内容都会看到，请稍候。",
        "handed_back": "{agent}已离开对话。我是自动助手，还有什么可以帮您？",
        "handed_back_with_note": "{agent}已离开对话，并留言：{note}\n\n"
        "我是自动助手，还有什么可以帮您？",
        "resolved": "{agent}已处理完您的问题。如果还有其他需要，直接在这里写就可以。",
        "resolved_with_note": "{agent}已处理完您的问题，并留言：{note}\n\n"
        "如果还有其他需要，直接在这里写就可以。",
    },
}


def joined(language: str | None, agent: str) -> str:
    """Say that an agent is there."""
    return _texts(language)["joined"].format(agent=agent)


def returned(language: str | None) -> str:
    """Say that somebody else will go on."""
    return _texts(language)["returned"]


def handed_back(language: str | None, agent: str, note: str) -> str:
    """Greet as the assistant, with what the agent left to say."""
    return _with_note(language, "handed_back", agent, note)


def resolved(language: str | None, agent: str, note: str) -> str:
    """Close the request, with what the agent left to say."""
    return _with_note(language, "resolved", agent, note)


def _with_note(language: str | None, name: str, agent: str, note: str) -> str:
    texts = _texts(language)
    if not note:
        return texts[name].format(agent=agent)
    return texts[f"{name}_with_note"].format(agent=agent, note=note)


def _texts(language: str | None) -> dict[str, str]:
    return _TEXTS.get(language or "", _TEXTS[DEFAULT_LANGUAGE])
