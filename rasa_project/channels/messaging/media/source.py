"""Where a customer's file is to be had."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rasa_project.channels.messaging.turn import Attachment, storable


@dataclass(frozen=True)
class Source:
    """What fetching a file takes.

    Attributes:
        attachment: The file as the provider tells of it.
        turn: The provider's id of what it came with.
        route: As in `Turn.route`.
    """

    attachment: Attachment
    turn: str
    route: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the file is called, as far as anybody says."""
        one = self.attachment
        known = one.mime_type.partition(";")[0].strip()
        return one.name or f"{one.kind}{mimetypes.guess_extension(known) or ''}"

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready and storable on any database."""
        stored: dict[str, Any] = storable(asdict(self))
        return stored

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Source:
        """Read what `to_dict` gave."""
        return cls(Attachment(**stored["attachment"]), stored["turn"], stored["route"])
