"""One message as it leaves for a customer, in the words of no provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Button:
    """Something to press.

    Attributes:
        title: What the customer reads.
        payload: What Rasa hears; it never leaves this server.
        token: What the provider gives back when it is pressed; set when the part is sent.
    """

    title: str
    payload: str
    token: str = ""


@dataclass(frozen=True)
class Part:
    """What one request to the provider carries.

    Attributes:
        kind: `text` with or without buttons, `image`, `file`, or `custom`.
        text: Of a text; within the channel's limit.
        url: Of an image or a file.
        buttons: Below a text.
        numbered: The text lists the buttons by number, because the channel has no such ones.
        custom: What a bot's author wrote for this very channel.
        key: Names this part for ever, as a UUID; for providers that know doubles by it.
    """

    kind: Literal["text", "image", "file", "custom"]
    text: str = ""
    url: str = ""
    buttons: tuple[Button, ...] = ()
    numbered: bool = False
    custom: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def native_buttons(self) -> tuple[Button, ...]:
        """The buttons to show as such."""
        return () if self.numbered else self.buttons

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Part:
        """Read what `to_dict` gave."""
        buttons = tuple(Button(**one) for one in stored["buttons"])
        return cls(**{**stored, "buttons": buttons})


@dataclass(frozen=True)
class Recipient:
    """Where a part goes.

    Attributes:
        customer: As in `Turn.customer`.
        route: As in the latest `Turn.route`.
    """

    customer: str
    route: Mapping[str, Any] = field(default_factory=dict)
