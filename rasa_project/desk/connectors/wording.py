"""What agents at other desks read from us, in their language."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from rasa_project.desk.connectors.connector import Facts, Said

# Stands before everything of ours that their agents could take for their own.
MARK: Final = "Attune · "

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Conversation {ticket}: {why}",
        "no_why": "a customer needs a person",
        "why": "Why",
        "mood": "Mood",
        "forecast": "likely to end dissatisfied: {share} %",
        "urgency": "Urgency",
        "high": "high",
        "medium": "medium",
        "low": "normal",
        "channel": "Channel",
        "language": "Language",
        "open": "In Attune",
        "transcript": "Transcript",
        "earlier": "({count} earlier messages are in Attune)",
        "customer": "Customer",
        "bot": "Assistant",
        "agent": "Agent",
        "system": "Notice",
        "hint": "Public answers go to the customer, notes stay here. A note that begins with !bot "
        "gives the conversation back to the assistant.",
        "bot_closed": "{who} gave the conversation back to the assistant. {why}",
        "resolved_closed": "{who} closed the conversation in Attune. {why}",
        "abandoned_closed": "The customer left. {why}",
        "held": "Your answer was NOT sent: {who} has this conversation. Answer: {text}",
        "held_close": "Nothing was changed at the customer's end: {who} has this conversation.",
        "empty": "Your answer was NOT sent: {why}",
    },
    "zh": {
        "title": "会话 {ticket}：{why}",
        "no_why": "客户需要人工",
        "why": "原因",
        "mood": "情绪",
        "forecast": "最终不满意的可能性：{share}%",
        "urgency": "紧急程度",
        "high": "高",
        "medium": "中",
        "low": "普通",
        "channel": "渠道",
        "language": "语言",
        "open": "在 Attune 中查看",
        "transcript": "对话记录",
        "earlier": "（更早的 {count} 条消息见 Attune）",
        "customer": "客户",
        "bot": "助手",
        "agent": "客服",
        "system": "通知",
        "hint": "公开回复会发给客户，备注只留在这里。以 !bot 开头的备注会把会话交还给助手。",
        "bot_closed": "{who}已把会话交还给助手。{why}",
        "resolved_closed": "{who}已在 Attune 中结束会话。{why}",
        "abandoned_closed": "客户已离开。{why}",
        "held": "您的回复没有发出：该会话由{who}负责。回复内容：{text}",
        "held_close": "客户一端没有任何变化：该会话由{who}负责。",
        "empty": "您的回复没有发出：{why}",
    },
}


def text(language: str, name: str, **values: object) -> str:
    """Return one of the texts."""
    return _TEXTS[language][name].format(**values).strip()


def title(language: str, facts: Facts) -> str:
    """Return a line for lists."""
    why = facts.reasons[0] if facts.reasons else text(language, "no_why")
    return text(language, "title", ticket=facts.ticket_id, why=why)[:200]


def brief(language: str, facts: Facts) -> str:
    """Return what an agent reads first."""
    lines = [(text(language, "why"), "; ".join(facts.reasons) or text(language, "no_why"))]
    if facts.emotion:
        lines.append((text(language, "mood"), _mood(language, facts)))
    lines.append((text(language, "urgency"), text(language, facts.level)))
    for name, value in (("channel", facts.channel), ("language", facts.language)):
        if value:
            lines.append((text(language, name), value))
    lines += [(name.replace("_", " ").capitalize(), value) for name, value in facts.known.items()]
    lines.append((text(language, "open"), facts.url))
    listed = "\n".join(f"{name}: {value}" for name, value in lines)
    return f"{MARK}{title(language, facts)}\n\n{listed}\n\n{text(language, 'hint')}"


def with_transcript(
    language: str, first: str, said: Sequence[Said], earlier: int, limit: int
) -> str:
    """Add as much of the transcript's end as fits.

    Args:
        language: Of the text.
        first: What stands above.
        said: The latest messages, oldest first.
        earlier: How many came before them.
        limit: Characters of the whole.
    """
    room = limit - len(first) - 200
    lines: list[str] = []
    for entry in reversed(said):
        line = f"{_clock(entry.at)} {entry.name}: {entry.text}"
        if len(line) + 1 > room:
            break
        lines.append(line)
        room -= len(line) + 1
    left_out = earlier + len(said) - len(lines)
    if left_out:
        lines.append(text(language, "earlier", count=left_out))
    shown = "\n".join(reversed(lines))
    return f"{first}\n\n{text(language, 'transcript')}\n{shown}"


def _mood(language: str, facts: Facts) -> str:
    parts = [str(facts.emotion)]
    if facts.intensity is not None:
        parts[0] += f" ({facts.intensity:.0%})"
    if facts.forecast is not None:
        parts.append(text(language, "forecast", share=round(facts.forecast * 100)))
    return ", ".join(parts)


def _clock(at: float) -> str:
    return time.strftime("%H:%M", time.gmtime(at))
