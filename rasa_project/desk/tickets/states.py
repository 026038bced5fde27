"""Who has a conversation, and how that may change.

`bot → queued → agent → bot | resolved`, and `queued → abandoned | bot`; `agent → agent` passes a
conversation to a colleague, `agent → queued` back to the queue. A ticket is one such way from
`queued` to a state in which nobody at the desk has the conversation any more.
"""

from __future__ import annotations

from typing import Final

BOT: Final = "bot"
QUEUED: Final = "queued"
AGENT: Final = "agent"
RESOLVED: Final = "resolved"
ABANDONED: Final = "abandoned"

STATES: Final = (BOT, QUEUED, AGENT, RESOLVED, ABANDONED)
OPEN: Final = (QUEUED, AGENT)

_ALLOWED: Final[dict[str, frozenset[str]]] = {
    BOT: frozenset({QUEUED}),
    QUEUED: frozenset({AGENT, ABANDONED, BOT}),
    AGENT: frozenset({BOT, RESOLVED, AGENT, QUEUED}),
    RESOLVED: frozenset(),
    ABANDONED: frozenset(),
}


class TransitionError(ValueError):
    """A transition that the state machine does not have.

    Attributes:
        current: The state that the ticket is in.
        wanted: The state that was asked for.
    """

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"A ticket cannot go from {current!r} to {wanted!r}.")
        self.current = current
        self.wanted = wanted


def check(current: str, wanted: str) -> None:
    """Hold that a ticket may go from one state to another.

    Raises:
        TransitionError: It may not, or one of the two is no state at all.
    """
    if wanted not in _ALLOWED.get(current, frozenset()):
        raise TransitionError(current, wanted)
