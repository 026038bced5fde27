"""The words that moved a message's emotion, asked of the Rasa server that judged it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.models import EmotionCorrection, Message, Ticket

MAX_TOKENS: Final = 500


def question(session: Any, message_id: int) -> tuple[str, str | None]:
    """Return a customer's message and the label to explain; none: whatever the model names.

    Raises:
        RequestError: There is no such message of a customer at this desk, or its customer does not
            want the tone read.
    """
    message = session.get(Message, message_id)
    at_desk = message is not None and session.scalar(
        select(Ticket.id).where(Ticket.conversation_id == message.conversation_id).limit(1)
    )
    if message is None or message.sender != "customer" or not at_desk:
        raise RequestError(404, "no_message", "There is no such message of a customer.")
    correction = session.get(EmotionCorrection, message_id)
    emotion = message.emotion or {}
    if emotion.get("declined"):
        raise RequestError(409, "declined", "This customer does not want the tone read.")
    guessed = None if emotion.get("abstained") else emotion.get("name")
    return message.text, correction.emotion if correction else guessed


def read(answer: Any, text: str) -> dict[str, Any] | None:
    """Keep of the server's answer what the page shows; none where it makes no sense."""
    if not isinstance(answer, dict) or not isinstance(answer.get("tokens"), list):
        return None
    if not isinstance(answer.get("label"), str):
        return None
    tokens = [found for token in answer["tokens"][:MAX_TOKENS] if (found := _token(token, text))]
    return {"label": answer["label"], "tokens": tokens}


def _token(token: Any, text: str) -> dict[str, Any] | None:
    if not isinstance(token, dict):
        return None
    start, end, weight = token.get("start"), token.get("end"), token.get("weight")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        return None
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not -1 <= weight <= 1:
        return None
    return {"text": text[start:end], "start": start, "end": end, "weight": float(weight)}
