"""Answers that fit what a customer wrote last: from the library, and from the team's own past.

A suggestion is never sent by itself: it goes into the box where the agent writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.replies.past_answers import PastAnswers
from rasa_project.desk.store.models import (
    BotStep,
    CannedAnswer,
    EmotionCorrection,
    Message,
    Ticket,
)
from rasa_project.desk.tickets.transitions import find_ticket

MOST: Final = 3
MOST_OF_A_KIND: Final = 2
# Similarity of two questions from which an old answer is worth a look; below it, on messages about
# different things, shared endings and courtesies alone decide.
LEAST_SIMILAR: Final = 0.2
_PAST_CANDIDATES: Final = 20
# What counts how much: what the customer wants before how they feel about it.
_INTENT_POINTS: Final = 0.5
_EMOTION_POINTS: Final = 0.3
_QUESTIONS: Final = 3  # messages since the last answer that are read together


@dataclass(frozen=True)
class Need:
    """What an answer has to fit.

    Attributes:
        text: What the customer wrote since the last answer.
        language: Of the conversation.
        emotions: Felt in these messages, as corrected by agents.
        intents: That the bot took these messages for.
    """

    text: str
    language: str
    emotions: frozenset[str]
    intents: frozenset[str]


def suggest(session: Any, past: PastAnswers, ticket_id: int) -> list[dict[str, Any]]:
    """Return up to `MOST` answers for a ticket, the most fitting first.

    Raises:
        RequestError: There is no such ticket.
    """
    ticket = find_ticket(session, ticket_id)
    need = need_of(session, ticket)
    if not need.text.strip():
        return []
    past.follow(session)
    answers = session.scalars(select(CannedAnswer).order_by(CannedAnswer.shortcut))
    candidates = [
        *_from_library(need, answers),
        *_from_past(need, past, ticket.conversation_id),
    ]
    return _best(candidates)


def need_of(session: Any, ticket: Ticket) -> Need:
    """Read what the customer wrote since an agent last answered."""
    query = (
        select(Message, BotStep.name, EmotionCorrection.emotion)
        .outerjoin(BotStep, BotStep.source == Message.source)
        .outerjoin(EmotionCorrection, EmotionCorrection.message_id == Message.id)
        .where(
            Message.conversation_id == ticket.conversation_id,
            Message.sender.in_(("customer", "agent")),
        )
        .order_by(Message.timestamp.desc(), Message.id.desc())
        .limit(_QUESTIONS)
    )
    texts, emotions, intents = [], set(), set()
    for message, intent, corrected in session.execute(query):
        if message.sender == "agent":
            break
        texts.append(message.text)
        emotions.add(corrected or _felt(message))
        intents.add(intent)
    return Need(
        text="\n".join(reversed(texts)),
        language=ticket.conversation.language or "en",
        emotions=frozenset(name for name in emotions if name),
        intents=frozenset(name for name in intents if name),
    )


def _felt(message: Message) -> str | None:
    emotion = message.emotion or {}
    return None if emotion.get("abstained") else emotion.get("name")


def _from_library(need: Need, answers: Any) -> list[tuple[float, dict[str, Any]]]:
    """Weigh the library's answers; one for everybody fits nobody in particular."""
    found = []
    for answer in answers:
        text = answer.texts.get(need.language)
        wanted = bool(need.intents & set(answer.intents))
        felt = bool(need.emotions & set(answer.emotions))
        misses = (answer.intents and not wanted) or (answer.emotions and not felt)
        score = _INTENT_POINTS * wanted + _EMOTION_POINTS * felt - 0.2 * bool(misses)
        if text and score > 0:
            suggestion = {"kind": "library", "text": text, "shortcut": answer.shortcut}
            found.append((score, suggestion))
    return found


def _from_past(
    need: Need, past: PastAnswers, conversation: str
) -> list[tuple[float, dict[str, Any]]]:
    """Weigh what was answered to similar messages of other customers."""
    found = []
    for answer, similarity in past.find(need.text, need.language, _PAST_CANDIDATES):
        if similarity < LEAST_SIMILAR or answer.conversation == conversation:
            continue
        score = (
            similarity
            + _INTENT_POINTS / 2 * (answer.intent in need.intents)
            + _EMOTION_POINTS / 2 * (answer.emotion in need.emotions)
        )
        found.append((score, {"kind": "past", "text": answer.text, "shortcut": None}))
    return found


def _best(candidates: list[tuple[float, dict[str, Any]]]) -> list[dict[str, Any]]:
    ranked = sorted(candidates, key=lambda entry: (-entry[0], entry[1]["text"]))
    chosen: list[dict[str, Any]] = []
    for _, suggestion in ranked:
        same_kind = [one for one in chosen if one["kind"] == suggestion["kind"]]
        if len(same_kind) < MOST_OF_A_KIND and suggestion["text"] not in [
            one["text"] for one in chosen
        ]:
            chosen.append(suggestion)
        if len(chosen) == MOST:
            break
    return chosen
