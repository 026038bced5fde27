"""What a messaging service is to the layer: how to verify, how to read, how to send."""

from __future__ import annotations

import abc
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import ChannelSettings
from rasa_project.channels.messaging.splitting import Measure
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks.errors import Refused

Take = Callable[[Reading], Awaitable[None]]
# The kinds of `turn.Attachment` that are files everywhere.
FILES: Final[frozenset[str]] = frozenset({"image", "audio", "video", "file"})


@dataclass(frozen=True)
class Limits:
    """What a channel takes.

    Attributes:
        text: The most that one message may measure.
        measure: What the provider counts.
        buttons: Native ones below a text; more of them become a numbered list.
        button_text: The most that the text right above native buttons may measure, where that is
            less than `text`; what comes before it goes out by itself.
        button_title: Characters of a button's title; with a longer one all become a list.
        per_second: Messages of the whole channel that one server process sends.
        gap_seconds: From one message to a customer to the next, in the long run.
        burst: Messages to a customer that may go out without the gap.
        window_seconds: How long after a customer's message they may be written to; none for ever.
        body_bytes: The most that a webhook's request may hold.
    """

    text: int
    measure: Measure = len
    buttons: int = 0
    button_text: int | None = None
    button_title: int = 20
    per_second: float = 20.0
    gap_seconds: float = 0.0
    burst: int = 1
    window_seconds: float | None = None
    body_bytes: int = 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that a check looked at.

    Attributes:
        ok: Whether it works; none where nobody can tell from here.
        says: A sentence.
    """

    ok: bool | None
    says: str


class Provider(abc.ABC):
    """Speaks one messaging service's language; keeps nothing that a restart may lose.

    Args:
        settings: Checked, of the class `Settings`.
        http: Sends requests.
    """

    name: ClassVar[str]  # of the channel in Rasa and in its address, /webhooks/<name>/webhook
    title: ClassVar[str]  # for people
    Settings: ClassVar[type[ChannelSettings]]
    limits: ClassVar[Limits]
    has_webhook: ClassVar[bool] = True  # else the service is only asked, by `listen`
    typing_seconds: ClassVar[float] = 0.0  # how long `typing` shows; none where there is no sign
    fetches: ClassVar[frozenset[str]] = frozenset()  # kinds of attachments that `fetch` brings

    def __init__(self, settings: Any, http: Http) -> None:
        self.settings = settings
        self.http = http

    async def prepare(self, request: Request) -> None:  # noqa: B027  # few services need it
        """Have at hand what `verify` needs and a restart loses, such as the provider's keys.

        Raises:
            NotSent: It is not to be had; the delivery has to be made again.
            MaybeSent: Likewise.
        """

    @abc.abstractmethod
    def verify(self, request: Request) -> None:
        """Hold that the provider sent a request, from the raw body and in constant time.

        Raises:
            Refused: It did not, or the request is too old.
        """

    @abc.abstractmethod
    def read(self, request: Request) -> Reading:
        """Understand a verified request, without waiting for anything.

        Whatever is no customer's turn goes to `ignored`: groups, echoes, unknown events.

        Raises:
            Refused: It is not of the form that the provider documents. `AttributeError`,
                `KeyError`, `TypeError` and `ValueError` count as that, too.
        """

    async def completed(self, turn: Turn) -> Turn | None:
        """Return a turn with what its delivery left out, just before Rasa hears it.

        Returns:
            None where there is nothing to answer: another bot wrote it, or it is gone.

        Raises:
            NotSent: The provider does not say. It is asked again until it does.
            MaybeSent: Likewise.
        """
        return turn

    @abc.abstractmethod
    async def send(self, to: Recipient, part: Part) -> str:
        """Send one part and return the provider's id of it, empty where it gives none.

        Raises:
            NotSent: The provider does not have it.
            MaybeSent: The outcome is unknown. The layer sends it again.
        """

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of a file that a customer sent.

        Only from where the provider keeps such files: what stands in a message may be forged, and
        `Http.files` goes nowhere else.

        Raises:
            NotSent: The provider does not give it, for good where it is `hopeless`.
            MaybeSent: It failed midway; it is fetched again.
        """
        raise NotSent(f"{self.title} gives out no files.", hopeless=True)
        yield b""

    def greet(self, request: Request) -> Answer:
        """Answer a GET at the webhook's address, with which some providers verify it.

        Raises:
            Refused: It is not theirs.
        """
        raise Refused(405, f"{self.title} sends its messages by POST.")

    async def noticed(self, turn: Turn) -> None:  # noqa: B027  # many services have no such thing
        """Show that a turn is being answered: typing, a read mark. Done at best, never again."""

    async def typing(self, to: Recipient, latest: str) -> None:  # noqa: B027  # as above
        """Show that somebody writes, for some seconds. Done at best, never again.

        Args:
            to: The customer.
            latest: `Turn.id` of what they said last.
        """

    async def listen(self, take: Take) -> None:  # noqa: B027  # most services have webhooks
        """Fetch deliveries that no webhook brings; runs as long as the server.

        Args:
            take: Keeps a delivery; what it was given survives a kill once it returns.
        """

    def outside_window(self, part: Part) -> bool:
        """Say whether a part may go out when the window is closed, as approved templates may."""
        return False

    async def check(self) -> list[Finding]:
        """Look whether the credentials work and what is missing."""
        return []

    async def register(self, url: str) -> None:
        """Tell the provider where its webhook is.

        Args:
            url: Public address of the webhook.

        Raises:
            NotImplementedError: It is set on a page of the provider's.
        """
        raise NotImplementedError
