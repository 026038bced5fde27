"""What a connector to another help desk is: what it is told, what it tells, and what it must do."""

from __future__ import annotations

import abc
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

from rasa_project.desk.connectors.http_client import HttpClient
from rasa_project.desk.connectors.settings import ConnectorSettings

Level = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Facts:
    """What is known of a ticket now.

    Attributes:
        ticket_id: Number of the ticket at our desk.
        conversation: Rasa's `sender_id`.
        level: Urgency.
        channel: Where the customer writes.
        language: What the customer speaks, such as `en`.
        emotion: Name of the latest turn's emotion.
        intensity: Of that emotion, 0 to 1.
        forecast: Chance that the customer ends dissatisfied, 0 to 1.
        reasons: Why the conversation came to humans, in words.
        known: What the bot knows, by name.
        url: The ticket at our desk.
    """

    ticket_id: int
    conversation: str
    level: Level
    channel: str | None
    language: str | None
    emotion: str | None
    intensity: float | None
    forecast: float | None
    reasons: tuple[str, ...]
    known: Mapping[str, str]
    url: str

    def attributes(self) -> dict[str, Any]:
        """Return the facts that other desks sort and filter by; nothing that is not known."""
        found = {
            "attune_ticket": self.ticket_id,
            "attune_url": self.url,
            "urgency": self.level,
            "channel": self.channel,
            "language": self.language,
            "emotion": self.emotion,
            "emotion_intensity": self.intensity,
            "dissatisfaction_forecast": self.forecast,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Said:
    """Something that was said, for the other desk to show.

    Attributes:
        key: Names it for ever; a connector uses it to send it once.
        sender: Who speaks: the customer, the bot, our agent, or the system.
        name: Who that is, in words.
        text: What was said.
        at: Seconds since 1970.
    """

    key: str
    sender: Literal["customer", "bot", "agent", "system"]
    name: str
    text: str
    at: float


@dataclass
class Remote:
    """A ticket at the other desk.

    Attributes:
        id: Its number there; none until it is made.
        url: Where people open it.
        details: What the connector wants to keep, JSON-ready.
    """

    id: str | None
    url: str | None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The number of a ticket that is there."""
        if self.id is None:
            raise TypeError("The ticket is not at the other desk yet.")
        return self.id


@dataclass(frozen=True)
class Handover:
    """Everything that the other desk needs to take a conversation.

    Attributes:
        key: Names this handover for ever.
        facts: What is known.
        title: A line for lists.
        summary: What an agent reads first, with the transcript.
        again: The other desk may have it already, in part or whole: look before making anything.
    """

    key: str
    facts: Facts
    title: str
    summary: str
    again: bool


ActionKind = Literal["answer", "note", "assign", "take", "resolve", "hand_back"]


@dataclass(frozen=True)
class Action:
    """What somebody at the other desk did.

    Attributes:
        kind: `answer` is for the customer and `note` for agents; `assign` says whom that desk gave
            it to, nobody where the person is empty, and `take` that somebody began.
        ticket: Number of the ticket there.
        person: Who did it, as that desk names them.
        text: What they wrote.
        id: Names an answer or note for ever.
    """

    kind: ActionKind
    ticket: str
    person: str = ""
    text: str = ""
    id: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return it JSON-ready and storable."""
        return {name: _storable(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Delivery:
    """A webhook's request, understood.

    Attributes:
        id: The same each time the other desk tries again.
        actions: What it means; nothing where it means nothing to us.
        answer: What the other desk wants to hear back at once.
        ignored: What it was, where it means nothing.
    """

    id: str
    actions: tuple[Action, ...] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)
    ignored: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that `connector check` looked at.

    Attributes:
        ok: Whether it works; none where nobody can tell from here.
        says: A sentence.
    """

    ok: bool | None
    says: str


Remember = Callable[[Remote], Awaitable[None]]


class Connector(abc.ABC):
    """Speaks one other desk's language.

    Every method that sends raises `NotTaken` or `MaybeTaken`; it is then called again with
    `again` set, and must not make anything twice.

    Args:
        settings: Checked settings of this connector.
        http: Sends requests to the other desk.
    """

    title: ClassVar[str]
    Settings: ClassVar[type[ConnectorSettings]]
    summary_characters: ClassVar[int] = 20_000  # how long a first note may be

    def __init__(self, settings: Any, http: HttpClient) -> None:
        self.settings = settings
        self.http = http

    @classmethod
    def client(cls, settings: Any) -> HttpClient:
        """Return what sends requests, with the headers that this service asks for."""
        return HttpClient(cls.title, settings.url)

    @abc.abstractmethod
    async def open(self, handover: Handover, remote: Remote, remember: Remember) -> None:
        """Make the ticket there, with summary and facts.

        Args:
            handover: What to hand over.
            remote: What is known of the ticket there; filled by this method.
            remember: Keeps `remote` over a kill; called as soon as something was made.
        """

    @abc.abstractmethod
    async def say(self, remote: Remote, said: Said, again: bool) -> None:
        """Show there what was said here; never as an answer of theirs."""

    @abc.abstractmethod
    async def update(self, remote: Remote, facts: Facts) -> None:
        """Put the facts right; doing it twice does no harm."""

    @abc.abstractmethod
    async def close(self, remote: Remote, said: Said, again: bool) -> None:
        """Close the ticket there and say why; here it is closed already."""

    @abc.abstractmethod
    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> Delivery:
        """Check and read a webhook's request, without waiting for anything.

        Args:
            headers: Names in lower case.
            body: As it came.
            now: Seconds since 1970.

        Raises:
            Refused: The signature is wrong, the time too far off, or the content broken.
        """

    @abc.abstractmethod
    async def check(self) -> list[Finding]:
        """Look whether address and token work and what is missing."""

    async def name_of(self, person: str) -> str:
        """Return the name that customers read for somebody at the other desk."""
        return person


def _storable(text: str) -> str:
    """Replace what neither a database nor a channel takes: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
