"""Who does which work, what the bot does just now, and other desks."""

from __future__ import annotations

from rasa_project.desk.http.answers.conversations import Emotion, Message
from rasa_project.desk.http.routing import Body


class Work(Body):
    """Which conversations are somebody's; empty lists mean all."""

    teams: list[str]
    languages: list[str]
    max_conversations: int | None


class Team(Body):
    """A team, with its names by language."""

    id: str
    name: dict[str, str]


class Colleague(Body):
    """Somebody to whom a conversation can be passed on."""

    id: int
    display_name: str
    present: bool
    conversations: int
    limit: int | None
    teams: list[str]
    languages: list[str]


class Duty(Body):
    """Who does which work."""

    teams: list[Team]
    colleagues: list[Colleague]
    work: Work
    limit: int | None


class AtRisk(Body):
    """A conversation with the bot, and how it stands."""

    id: str
    channel: str | None
    language: str | None
    last_seen: float
    preview: str
    emotion: Emotion | None
    forecast: float | None
    intent: str | None


class Floor(Body):
    """Conversations with the bot that go badly, the worst first."""

    risk: list[AtRisk]
    now: float


class Watched(Body):
    """A conversation as it stands, and its open ticket, if it has one."""

    conversation: AtRisk
    ticket: int | None
    messages: list[Message]
    now: float


class Connector(Body):
    """Another desk, and how much waits for it or was given up."""

    name: str
    waiting: int
    given_up: int
    error: str | None


class Connectors(Body):
    """The other desks that are connected."""

    connectors: list[Connector]
