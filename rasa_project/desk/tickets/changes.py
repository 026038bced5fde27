"""What a transaction changed, for those who look at it live."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Changes:
    """Ids of what is new or different.

    Attributes:
        tickets: Tickets whose summary is different.
        messages: Messages that are new or whose delivery is different.
        casework: Tickets with other notes, tags, corrections or outcome.
    """

    tickets: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    casework: set[int] = field(default_factory=set)

    def __ior__(self, other: Changes) -> Changes:
        self.tickets |= other.tickets
        self.messages |= other.messages
        self.casework |= other.casework
        return self

    def __bool__(self) -> bool:
        return bool(self.tickets or self.messages or self.casework)
