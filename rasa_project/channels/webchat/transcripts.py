"""A conversation on paper: as a file that a customer saves, or as a mail to them."""

from __future__ import annotations

import datetime as dt
import email.policy
import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any, Final
from zoneinfo import ZoneInfo

_WORDS: Final = {
    "en": {
        "title": "Your conversation of {date}", "user": "You", "bot": "Assistant",
        "system": "Customer service",
        "end": "You asked for this mail in our chat. Nobody reads answers to it.",
    },
    "zh": {
        "title": "{date}的对话记录", "user": "我", "bot": "智能助手", "system": "在线客服",
        "end": "您在聊天窗口中要求发送此邮件。请勿直接回复。",
    },
}  # fmt: skip
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42em;margin:2em auto;padding:0 1em}"
    "dt{font-weight:600;margin-top:1em}dd{margin:0;white-space:pre-wrap}"
    "time{font-weight:400;color:#555}"
)
_MAX_NAME_CHARACTERS: Final = 80


def known_zone(name: object) -> str:
    """Return the name of a time zone that this machine knows, else UTC."""
    try:
        return ZoneInfo(str(name)[:64]).key
    except (OSError, ValueError, LookupError):
        return "UTC"


@dataclass(frozen=True)
class Paper:
    """A conversation and how it is written down.

    Attributes:
        messages: As clients are shown them, oldest first.
        language: `en` or `zh`.
        zone: The customer's time zone.
        names: What the page calls `user`, `bot` and `system`, where it says so.
    """

    messages: Iterable[Mapping[str, Any]]
    language: str
    zone: str
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What stands above."""
        today = dt.datetime.now(ZoneInfo(self.zone)).date().isoformat()
        return self._words["title"].format(date=today)

    @property
    def end(self) -> str:
        """What stands below a mail."""
        return self._words["end"]

    def plain(self) -> str:
        """Return it as text."""
        lines = [f"[{when}] {who}: {text}" for when, who, text in self._said()]
        return "\n".join([f"{self.title} ({self.zone})", "", *lines, ""])

    def page(self, end: str = "") -> str:
        """Return it as a page that needs nothing else."""
        rows = "".join(
            f'<dt>{html.escape(who)} <time>{html.escape(when)}</time></dt><dd dir="auto">'
            f"{html.escape(text)}</dd>"
            for when, who, text in self._said()
        )
        title = html.escape(f"{self.title} ({self.zone})")
        return (
            f'<!doctype html>\n<html lang="{self.language}"><meta charset="utf-8">'
            f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1><dl>{rows}</dl>"
            f"<p>{html.escape(end)}</p></html>\n"
        )

    @property
    def _words(self) -> Mapping[str, str]:
        return _WORDS.get(self.language, _WORDS["en"])

    def _said(self) -> Iterator[tuple[str, str, str]]:
        """Give time, speaker and words of each message that holds any."""
        clock = ZoneInfo(self.zone)
        for message in self.messages:
            text = "\n".join(part for part in _parts(message) if part.strip())
            if text:
                yield _moment(message.get("timestamp"), clock), self._speaker(message), text

    def _speaker(self, message: Mapping[str, Any]) -> str:
        if agent := message.get("agent"):
            return str(agent)
        sender = str(message.get("sender"))
        sender = sender if sender in {"user", "bot"} else "system"
        name = self.names.get(sender)
        told = name[:_MAX_NAME_CHARACTERS] if isinstance(name, str) else ""
        return told or self._words[sender]


def compose(mail_id: str, sender: Address, to: str, paper: Paper) -> EmailMessage:
    """Make a mail of a conversation.

    Args:
        mail_id: Of which its Message-ID is made.
        sender: Ourselves.
        to: The customer's address.
        paper: What it holds.
    """
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = paper.title
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{mail_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that no program answers (RFC 3834)
    mail.set_content(f"{paper.plain()}\n{paper.end}\n")
    mail.add_alternative(paper.page(paper.end), subtype="html")
    return mail


def _parts(message: Mapping[str, Any]) -> Iterator[str]:
    yield str(message.get("text") or "")
    for file in message.get("files") or ():
        yield f"📎 {file.get('name') or ''}"
    payload = (message.get("attachment") or {}).get("payload") or {}
    if isinstance(payload, Mapping):
        yield str(payload.get("title") or "")
        card = payload.get("elements")
        if isinstance(card, Mapping):
            yield str(card.get("title") or "")
            yield str(card.get("subtitle") or "")
    yield " ".join(f"[{reply.get('title')}]" for reply in message.get("quick_replies") or ())


def _moment(timestamp: object, clock: ZoneInfo) -> str:
    if not isinstance(timestamp, (int, float)):
        return ""
    return dt.datetime.fromtimestamp(timestamp, clock).strftime("%Y-%m-%d %H:%M")
