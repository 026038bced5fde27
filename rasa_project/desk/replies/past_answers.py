"""What this team answered before, found by what customers wrote: retrieval by TF-IDF.

Runs of two to four characters are compared, so Chinese needs no words cut and a typing error costs
little. They are hashed into a fixed number of columns: a new answer is added to the index without
reading the old ones again, and only document frequencies change.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from rasa_project.desk.store.models import BotStep, Conversation, Erasure, Message

MAX_ANSWERS: Final = 20_000  # the latest; a search through them takes some milliseconds
MAX_ANSWERS_AT_ONCE: Final = 1_000  # so that nobody waits while a big desk's past is read
SHORTEST: Final = 12  # characters of an answer worth suggesting
LONGEST: Final = 1_000
_COLUMNS: Final = 2**18
_QUERY_CHARACTERS: Final = 1_000
# What belongs to one customer alone must not reach another; the agent fills in what fits.
_PRIVATE: Final = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "{email}"),
    (re.compile(r"https?://[^\s<>\"'）)，。]+"), "{link}"),
    (re.compile(r"(?<![A-Za-z0-9])\+?\d[\d ()-]{7,16}\d(?![A-Za-z0-9])", re.ASCII), "{phone}"),
    (re.compile(r"(?<![A-Za-z0-9{])[A-Za-z]{0,4}[-#]?\d{3,}(?![A-Za-z0-9])", re.ASCII), "{number}"),
)


@dataclass(frozen=True)
class Answer:
    """What an agent once said to a customer.

    Attributes:
        text: With what was one customer's alone replaced by `{variables}`.
        conversation: Where it was said.
        language: Of that customer.
        emotion: Of the message that it answered, or none.
        intent: Of the message that it answered, or none.
    """

    text: str
    conversation: str
    language: str | None
    emotion: str | None
    intent: str | None


class PastAnswers:
    """An index of past answers, in memory; it follows the store by itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._erased_at: float | None = None  # when a customer was last erased
        self._last_id = 0
        self._answers: list[Answer] = []
        self._counts: Any = None  # [answers, columns], sparse
        self._documents: Any = None  # [columns]: in how many answers each stands

    def follow(self, session: Any) -> None:
        """Read what agents said since the last time, a bounded number of answers at once."""
        with self._lock:
            erased_at = session.scalar(select(func.max(Erasure.finished_at)))
            if erased_at != self._erased_at:
                self._erased_at = erased_at
                self._clear()  # it is read anew, without what was said to them
            if self._last_id == 0:
                self._last_id = _start(session)
            rows = _answered(session, self._last_id)
            if rows:
                self._last_id = rows[-1][0].id
                self._add(rows)

    def find(self, question: str, language: str | None, limit: int) -> list[tuple[Answer, float]]:
        """Return the answers to the most similar messages.

        Args:
            question: What a customer wrote.
            language: Only answers in this language.
            limit: How many at most.

        Returns:
            Answers with the similarity of their questions, 0 to 1, the most similar first.
        """
        with self._lock:
            if self._counts is None or not question.strip():
                return []
            scores = self._similarity(question)
            answers = self._answers
        order = scores.argsort()[::-1]
        found: list[tuple[Answer, float]] = []
        seen: set[str] = set()
        for index in order:
            answer, score = answers[index], float(scores[index])
            if score <= 0 or len(found) == limit:
                break
            if answer.language == language and answer.text not in seen:
                seen.add(answer.text)
                found.append((answer, score))
        return found

    def _clear(self) -> None:
        self._last_id, self._answers = 0, []
        self._counts = self._documents = None

    def _add(self, rows: list[Any]) -> None:
        from scipy import sparse

        kept = [(_answer(*row), row[1].text) for row in rows if _is_worth_it(row[0].text)]
        if not kept:
            return
        fresh = _vectors([question for _, question in kept])
        counts = fresh if self._counts is None else sparse.vstack([self._counts, fresh])
        self._answers = [*self._answers, *(answer for answer, _ in kept)][-MAX_ANSWERS:]
        self._counts = counts.tocsr()[-MAX_ANSWERS:]
        self._documents = self._counts.getnnz(axis=0)

    def _similarity(self, question: str) -> Any:
        """Return the cosine of TF-IDF vectors, `[answers]`."""
        import numpy as np

        # Smoothed as scikit-learn's TfidfTransformer does it.
        rarity = np.log((1 + len(self._answers)) / (1 + self._documents)) + 1
        query = _vectors([question])
        products = (self._counts @ query.multiply(rarity**2).T.tocsr()).toarray().ravel()
        lengths = np.sqrt(self._counts.power(2) @ rarity**2)
        length = np.sqrt(query.power(2) @ rarity**2)
        return products / np.maximum(lengths * length, 1e-9)


def mask(text: str, facts: Mapping[str, str], agent: str | None) -> str:
    """Replace what was one customer's alone by variables.

    Args:
        text: What the agent wrote.
        facts: What the bot knew of that customer, by the slot's name.
        agent: What customers call the agent.
    """
    known = [(value, name) for name, value in facts.items() if len(value) >= 3]
    if agent:
        known.append((agent, "agent"))
    for value, name in sorted(known, key=lambda pair: -len(pair[0])):
        if re.fullmatch(r"[a-z_][a-z0-9_]*", name):
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"{{{name}}}", text)
    for pattern, variable in _PRIVATE:
        text = pattern.sub(variable, text)
    return text


def _start(session: Any) -> int:
    """Return the id before the oldest message that the index will hold."""
    query = (
        select(Message.id)
        .where(Message.sender == "agent")
        .order_by(Message.id.desc())
        .offset(MAX_ANSWERS)
        .limit(1)
    )
    return int(session.scalar(query) or 0)


def _answered(session: Any, after: int) -> list[Any]:
    """Return agents' messages after an id, each with the customer's message before it."""
    asked = aliased(Message)
    before = (
        select(func.max(asked.id))
        .where(
            asked.conversation_id == Message.conversation_id,
            asked.sender == "customer",
            asked.id < Message.id,
        )
        .correlate(Message)
        .scalar_subquery()
    )
    question = aliased(Message)
    query = (
        select(Message, question, Conversation, BotStep.name)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(question, question.id == before)
        .outerjoin(BotStep, BotStep.source == question.source)
        .where(Message.sender == "agent", Message.id > after)
        .order_by(Message.id)
        .limit(MAX_ANSWERS_AT_ONCE)
    )
    return list(session.execute(query).all())


def _answer(
    said: Message, question: Message, conversation: Conversation, intent: str | None
) -> Answer:
    emotion = question.emotion or {}
    return Answer(
        text=mask(said.text, conversation.slots, said.agent),
        conversation=conversation.id,
        language=conversation.language,
        emotion=None if emotion.get("abstained") else emotion.get("name"),
        intent=intent,
    )


def _is_worth_it(text: str) -> bool:
    return len(text) * (2 if re.search(r"[\u3400-\u9fff]", text) else 1) >= SHORTEST and (
        len(text) <= LONGEST
    )


def _vectors(texts: Iterable[str]) -> Any:
    """Count runs of characters, `[texts, columns]`, sparse; a run said often counts little more."""
    import numpy as np
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer="char", ngram_range=(2, 4), n_features=_COLUMNS, norm=None, alternate_sign=False
    )
    counts = hashing.transform([" ".join(text[:_QUERY_CHARACTERS].split()) for text in texts])
    counts.data = 1 + np.log(counts.data)
    return counts
