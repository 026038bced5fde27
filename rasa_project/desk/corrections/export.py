"""Writes what agents corrected as training data.

Emotions go out as JSON lines that `emotion train --data FILE` reads: `text`, `label`, and `voice`,
which keeps what one customer wrote on one side of a split. A voice is a hash: who it was cannot be
read from the file. What customers wrote stands in it word by word.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import EmotionCorrection, HandoffVerdict, Message

MAX_TURNS = 100  # of a conversation before its handoff
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def export_emotions(store: Store, path: Path) -> int:
    """Write every corrected emotion; return how many.

    Raises:
        OSError: The file cannot be written; what stood there before stands there still.
    """
    with store.read() as session:
        query = select(EmotionCorrection).order_by(EmotionCorrection.message_id)
        rows = [_emotion_row(found) for found in session.scalars(query)]
    return _write(path, (row for row in rows if row["text"].strip()))


def export_handoffs(store: Store, path: Path) -> int:
    """Write every ticket whose handoff was judged, with the customer's turns before it.

    Raises:
        OSError: The file cannot be written; what stood there before stands there still.
    """
    with store.read() as session:
        query = select(HandoffVerdict).order_by(HandoffVerdict.ticket_id)
        rows = [_handoff_row(session, found) for found in session.scalars(query)]
    return _write(path, rows)


def voice_of(conversation_id: str) -> str:
    """Name a customer without saying who it is."""
    return "desk-" + hashlib.sha256(conversation_id.encode()).hexdigest()[:16]


def _emotion_row(found: EmotionCorrection) -> dict[str, Any]:
    message, predicted = found.message, found.message.emotion or {}
    return {
        "text": message.text,
        "label": found.emotion,
        "voice": voice_of(message.conversation_id),
        "predicted": None if predicted.get("abstained") else predicted.get("name"),
        "corrected_by": found.agent.name,
        "corrected_at": found.at,
    }


def _handoff_row(session: Any, found: HandoffVerdict) -> dict[str, Any]:
    ticket = found.ticket
    query = (
        select(Message)
        .where(
            Message.conversation_id == ticket.conversation_id,
            Message.sender == "customer",
            Message.timestamp <= ticket.opened_at,
        )
        .order_by(Message.timestamp.desc(), Message.id.desc())
        .limit(MAX_TURNS)
    )
    return {
        "verdict": found.verdict,
        "voice": voice_of(ticket.conversation_id),
        "score": ticket.evidence,
        "reasons": ticket.reasons,
        "turns": [
            {"text": turn.text, "emotion": turn.emotion}
            for turn in reversed(session.scalars(query).all())
        ],
        "judged_by": found.agent.name,
        "judged_at": found.at,
    }


def _write(path: Path, rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> int:
    """Write a file whole or not at all, readable by its owner alone: it holds customers' words."""
    part = path.with_name(path.name + ".part")
    count = 0
    with os.fdopen(os.open(part, _FLAGS, 0o600), "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    part.replace(path)
    return count
