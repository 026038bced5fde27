"""What stands around a conversation: notes, corrections, what was tried, answers that fit."""

from __future__ import annotations

from typing import Literal

from rasa_project.desk.corrections.verdicts import EMOTIONS, VERDICTS
from rasa_project.desk.http.answers.conversations import Emotion
from rasa_project.desk.http.routing import Body
from rasa_project.desk.tickets.outcome_kinds import OUTCOMES

EmotionName = Literal[EMOTIONS]  # type: ignore[valid-type]  # a tuple of literals
VerdictKind = Literal[VERDICTS]  # type: ignore[valid-type]  # a tuple of literals
OutcomeKind = Literal[OUTCOMES]  # type: ignore[valid-type]  # a tuple of literals


class Note(Body):
    """A note for colleagues."""

    id: int
    ticket: int
    agent: str
    text: str
    at: float


class Outcome(Body):
    """How a ticket ended."""

    kind: OutcomeKind
    detail: str


class Correction(Body):
    """What an agent says that a customer felt."""

    emotion: EmotionName
    agent: str


class GivenVerdict(Body):
    """Whether a ticket came rightly, and who says so."""

    verdict: VerdictKind
    agent: str


class Tried(Body):
    """What the bot understood or did."""

    kind: Literal["intent", "action"]
    name: str
    confidence: float | None
    at: float


class Line(Body):
    """Something the customer said, chosen for the summary."""

    id: int
    text: str
    emotion: Emotion | None
    at: float


class Fact(Body):
    """A reference, amount or date that was mentioned."""

    kind: str
    text: str


class Summary(Body):
    """The conversation in the customer's own words."""

    opening: Line | None
    telling: list[Line]
    facts: list[Fact]


class Casework(Body):
    """What agents noted around a ticket, and what happened before; corrections by message."""

    ticket: int
    notes: list[Note]
    tags: list[str]
    outcome: Outcome | None
    corrections: dict[str, Correction]
    verdict: GivenVerdict | None
    tried: list[Tried]
    summary: Summary


class TagList(Body):
    """Tags in use, the most used first."""

    tags: list[str]


class CorrectedMessage(Body):
    """A message, and what an agent says that its customer felt."""

    message: int
    emotion: EmotionName | None


class CannedAnswer(Body):
    """An answer of the library, its text by language."""

    id: int
    shortcut: str
    texts: dict[str, str]
    emotions: list[str]
    intents: list[str]


class Library(Body):
    """All answers of the library."""

    answers: list[CannedAnswer]


class SavedAnswer(Body):
    """An answer of the library as it is now."""

    answer: CannedAnswer


class Suggestion(Body):
    """An answer that fits what the customer wrote."""

    kind: Literal["library", "past"]
    text: str
    shortcut: str | None


class Suggestions(Body):
    """Up to three answers that fit."""

    suggestions: list[Suggestion]


class Token(Body):
    """A stretch of a message, and how much it moved the score, -1 to 1."""

    text: str
    start: int
    end: int
    weight: float


class Words(Body):
    """Which words moved a message's emotion."""

    message: int
    text: str
    label: str
    tokens: list[Token]
