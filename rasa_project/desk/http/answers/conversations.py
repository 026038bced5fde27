"""A ticket, its conversation, and the lists of tickets."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rasa_project.desk.http.routing import Body
from rasa_project.desk.tickets import states

State = Literal[states.STATES]  # type: ignore[valid-type]  # a tuple of literals


class Emotion(Body):
    """What a customer felt; intensity 0 to 1, valence -1 to 1."""

    name: str
    intensity: float | None
    valence: float | None
    abstained: bool


class Holder(Body):
    """The agent who has a ticket."""

    id: int
    display_name: str


class Timer(Body):
    """The answer that is due next."""

    kind: Literal["first", "next"]
    warn_at: float
    due_at: float


class Elsewhere(Body):
    """A ticket's place at another help desk, and who has it there."""

    desk: str
    url: str | None
    agent: str | None
    state: Literal["sent", "pending", "dead"]
    error: str | None


class Ticket(Body):
    """One time that a conversation needs a human; `sort_key` orders the queue, highest first."""

    id: int
    conversation: str
    channel: str | None
    language: str | None
    state: State
    sort_key: float
    level: Literal["high", "medium", "low"]
    emotion: Emotion | None
    preview: str
    unanswered: bool
    reply_until: float | None
    reasons: list[dict[str, Any]]
    opened_at: float
    claimed_at: float | None
    closed_at: float | None
    agent: Holder | None
    undelivered: int
    forecast: float | None
    priority: Literal["low", "normal", "high", "urgent"]
    team: str | None
    entered: bool
    snoozed_until: float | None
    timer: Timer | None
    contact: str | None
    elsewhere: list[Elsewhere]


class Tickets(Body):
    """A page of a list, and whether others follow behind its last ticket."""

    tickets: list[Ticket]
    more: bool
    now: float


class MessageFile(Body):
    """A file that came with a message; size in bytes, `here` where the desk can fetch it."""

    kind: str
    name: str | None
    mime_type: str | None
    size: int | None
    url: str | None
    here: bool


class Message(Body):
    """Something that was said, and how far it is on its way to the customer."""

    id: int
    conversation: str
    message_id: str | None
    sender: Literal["customer", "bot", "agent", "system"]
    agent: str | None
    text: str
    emotion: Emotion | None
    buttons: list[str]
    files: list[MessageFile]
    wordless: bool
    timestamp: float
    delivery: Literal["pending", "sent", "dead"] | None


class Messages(Body):
    """A page of a conversation, the oldest message first; `cut` where there are earlier ones."""

    messages: list[Message]
    cut: bool


class Step(Body):
    """A ticket's step from one state to another."""

    from_: State = Field(..., alias="from")
    to: State
    who: str
    why: str
    at: float


class Happening(Body):
    """Something done to a ticket besides steps; further fields depend on the kind."""

    kind: str
    who: str
    at: float


class Earlier(Body):
    """Another ticket of the same customer."""

    id: int
    state: State
    opened_at: float
    agent: str | None
    reasons: list[dict[str, Any]]


class SurveyAnswer(Body):
    """What the customer answered when asked how it was, 1 to 5."""

    rating: int | None
    comment: str | None
    asked_at: float


class Conversation(Messages):
    """A ticket with its conversation and all around it."""

    ticket: Ticket
    facts: dict[str, Any]
    survey: SurveyAnswer | None
    transitions: list[Step]
    events: list[Happening]
    earlier: list[Earlier]
