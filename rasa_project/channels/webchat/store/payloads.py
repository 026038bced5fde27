"""Which payloads the buttons of a conversation carry; each function runs in a transaction.

What begins with a slash, Rasa takes for an intent and not for words. So it must come from a button
that this conversation was shown: what a customer types is words, whatever it begins with.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import select

from rasa_project.channels.webchat.store.messages import thread_of
from rasa_project.channels.webchat.store.tables import MESSAGES

SIGN: Final = "/"
# Read as a slash by people, and by Rasa as any other letter.
_HARMLESS: Final = "\uff0f"
# Of the other side's messages with something to press; older ones nobody scrolls to.
_MOST: Final = 1_000


def is_payload(text: str) -> bool:
    """Say whether Rasa, which strips what it is told, would take a text for an intent."""
    return text.strip().startswith(SIGN)


def as_words(text: str) -> str:
    """Return a text that begins with a slash so that Rasa takes it for words."""
    return _HARMLESS + text.strip()[len(SIGN) :]


def title_of(connection: Any, sender: str, text: str) -> str | None:
    """Return the title of the latest button that carries a payload; none where none was shown."""
    if not is_payload(text):
        return None
    thread = thread_of(connection, sender)
    shown = connection.execute(
        select(MESSAGES.c.body)
        .where(
            MESSAGES.c.thread == thread, MESSAGES.c.turn.is_(None),
            MESSAGES.c.body.contains('"payload"', autoescape=True),
        )
        .order_by(MESSAGES.c.number.desc())
        .limit(_MOST)
    )  # fmt: skip
    for row in shown:
        title = _title_in(json.loads(row.body), text.strip())
        if title is not None:
            return title
    return None


def _title_in(part: Any, payload: str) -> str | None:
    """Look through quick replies, cards and what bots make by themselves."""
    if isinstance(part, list):
        found = (_title_in(one, payload) for one in part)
        return next((title for title in found if title is not None), None)
    if not isinstance(part, dict):
        return None
    carried = part.get("payload")
    if isinstance(carried, str) and carried.strip() == payload:
        return str(part.get("title") or payload)
    return _title_in(list(part.values()), payload)
