"""What a conversation has heard so far, carried from one bot message to the next.

Each generated reply carries the memory on as the property `acknowledged_so_far` of its event, once
there is something to remember. So a turn reads as far as the bot's newest reply, at turn 2 and at
turn 2,000; a restart of the server, a second worker and another tracker store change nothing, and
no slot is needed, which an author would have to add and a policy might learn from.

A conversation is what `/restart` or a new session begins: a customer who comes back the day after
starts from nothing here too, as with trajectories, and Rasa's stores do not hand out what was said
in earlier sessions. Standard library only.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Reversible
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from emotion_component import trajectory
from emotion_component.acknowledgement.objection import objects

# The message property under which a reply keeps what it opened with.
PROPERTY: Final = "acknowledgement"
# The message property that carries the memory on.
MEMORY_PROPERTY: Final = "acknowledged_so_far"

# An acknowledgement of the same feeling on turn after turn grows stale: so many messages of the
# customer must lie in between. With three negative turns in a row a human is called as a rule, so
# that a second one is heard where the bot goes on alone.
QUIET_TURNS: Final = 3
# Only where a human has written for long is the bot's newest reply far back. Reading as many
# events takes a fraction of a millisecond.
MOST_EVENTS: Final = 2_000


@dataclass(frozen=True)
class Memory:
    """What must not be forgotten while a conversation lasts.

    Attributes:
        said: Keys (`key_of`) of the wordings that the customer has heard; at most as many as there
            are wordings.
        objected: Whether the customer asked for it to stop.
    """

    said: frozenset[str] = frozenset()
    objected: bool = False

    @classmethod
    def carried_by(cls, message: Any) -> Memory | None:
        """Read the memory that a bot message carries, `None` where it carries none."""
        carried = (message.metadata or {}).get(MEMORY_PROPERTY)
        if not isinstance(carried, Mapping):
            return None
        said = carried.get("said") or []
        return cls(frozenset(map(str, said)), bool(carried.get("objected")))

    def __contains__(self, wording: str) -> bool:
        """Whether the customer has heard a wording."""
        return key_of(wording) in self.said

    def join(self, other: Memory) -> Memory:
        """Remember what either remembers."""
        return Memory(self.said | other.said, self.objected or other.objected)

    def after(self, wording: str) -> Memory:
        """Remember one wording more."""
        return Memory(self.said | {key_of(wording)}, self.objected)

    def put_into(self, reply: Mapping[str, Any]) -> dict[str, Any]:
        """Let a reply carry the memory on; an empty one leaves it as it is."""
        if self == Memory():
            return dict(reply)
        carried = {"said": sorted(self.said), "objected": self.objected}
        return {**reply, MEMORY_PROPERTY: carried}


@dataclass(frozen=True)
class Past:
    """What the newest events of a conversation tell.

    Attributes:
        memory: What has been heard up to now, this turn's message included.
        texts: The customer's newest messages, newest first, at most `QUIET_TURNS` + 1.
        answers: What the bot answered to the message before this one.
        latest: The property `acknowledgement` of the newest reply that has one and is at most
            `QUIET_TURNS` messages of the customer old.
    """

    memory: Memory = Memory()
    texts: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    latest: Mapping[str, Any] | None = None


@dataclass
class _Reading:
    """The state of a walk over the events, newest first."""

    memory: Memory = Memory()
    texts: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    latest: Mapping[str, Any] | None = None
    # Whether a generated reply was met: what lies before its turn is in its memory.
    met_reply: bool = False

    @property
    def is_enough(self) -> bool:
        """Whether nothing further back matters."""
        return self.met_reply and len(self.texts) > QUIET_TURNS

    def bot(self, message: Any) -> None:
        """Read a message of the bot, or of a human who writes in its place."""
        metadata = message.metadata or {}
        carried = Memory.carried_by(message)
        self.met_reply |= carried is not None or "utter_action" in metadata
        # Whatever is met belongs to it. One action may have given several replies, all made before
        # the first was in the tracker, and each carries its own part.
        self.memory = self.memory.join(carried or Memory())
        if len(self.texts) == 1:
            self.answers.append(message.text or "")
        if self.latest is None and len(self.texts) <= QUIET_TURNS:
            noted = metadata.get(PROPERTY)
            self.latest = noted if isinstance(noted, Mapping) else None

    def customer(self, message: Any) -> None:
        """Read a message of the customer."""
        if not self.met_reply and not self.memory.objected and objects(message.text):
            self.memory = Memory(self.memory.said, objected=True)
        if len(self.texts) <= QUIET_TURNS:
            self.texts.append(message.text or "")


def recall(events: Reversible[Any]) -> Past:
    """Read the end of a conversation.

    Args:
        events: The tracker's events, newest last: a list or a deque.
    """
    reading = _Reading()
    for event in islice(_this_conversation(events), MOST_EVENTS):
        if event.type_name == "bot":
            reading.bot(event)
        elif event.type_name == "user":
            reading.customer(event)
            if reading.is_enough:
                break
    return Past(reading.memory, tuple(reading.texts), tuple(reading.answers), reading.latest)


def key_of(wording: str) -> str:
    """A short key of a wording as its author wrote it: 8 hexadecimal digits.

    The placeholders stay in: "Order A1042 is late" after "Order A1041 is late" is a repetition.
    """
    return f"{zlib.crc32(wording.encode('utf-8', 'replace')):08x}"


def opening_of(message: Any) -> str | None:
    """The acknowledgement that a bot message opened with, `None` where it had none."""
    noted = (message.metadata or {}).get(PROPERTY)
    return str(noted["text"]) if isinstance(noted, Mapping) and noted.get("text") else None


def words_after_opening(message: Any) -> str:
    """A bot message's text without its acknowledgement."""
    text = message.text or ""
    return text.removeprefix(opening_of(message) or "").lstrip()


def _this_conversation(events: Reversible[Any]) -> Iterator[Any]:
    """The events since the last restart or session start, newest first."""
    for event in reversed(events):
        if event.type_name in trajectory.BOUNDARIES:
            return
        yield event
