"""What the rules read and what they give back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from emotion_component import labels

Severity = Literal["error", "warning"]

# Slots that a condition may name to say how the customer feels.
_EMOTION_SLOTS: Final = frozenset({"emotion", "sentiment", "mood"})
_NEGATIVE: Final = labels.NEGATIVE | {
    "angry", "annoyed", "complain", "complaint", "complaints", "disappointed", "frustrated",
    "furious", "negative", "sad", "unhappy", "upset", "worried",
}  # fmt: skip
# Parts of a reply's name that say that something went wrong.
_TROUBLE: Final = frozenset({
    "apology", "broken", "cannot", "closed", "damaged", "defective", "delay", "delayed", "error",
    "fail", "failed", "failure", "fallback", "fraud", "invalid", "issue", "late", "lost", "missing",
    "no", "not", "problem", "sorry", "stolen", "unable", "unavailable", "unknown", "unsolved",
    "without", "wrong",
})  # fmt: skip
_NOTHING_WRONG: Final = labels.POSITIVE | {
    "bye", "chitchat", "goodbye", "greet", "greeting", "happy", "hello", "hi", "hours", "smalltalk",
    "thank", "thanks", "welcome",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One text that the bot says.

    Attributes:
        text: As the author wrote it, placeholders included.
        line: Where it stands in its file, counted from 1.
    """

    text: str
    line: int


@dataclass(frozen=True)
class Variation:
    """One way to say a reply.

    Attributes:
        line: Where it begins in its file, counted from 1.
        says: The bot's words: its text, and what a custom payload shows.
        buttons: Titles of its buttons. These are the customer's words, so no rule judges them;
            they tell apart two variations with the same text.
        conditions: Slot and value, as text, of each condition.
        channel: The one channel that it is for; `None` for all.
    """

    line: int
    says: tuple[Said, ...]
    buttons: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    channel: str | None = None


@dataclass(frozen=True)
class Reply:
    """A reply with its variations.

    Attributes:
        name: As in the domain, `utter_greet`.
        line: Where it begins in its file, counted from 1.
        variations: In their order in the file.
    """

    name: str
    line: int
    variations: tuple[Variation, ...]


@dataclass(frozen=True)
class Rule:
    """What a finding refers to.

    Attributes:
        code: Stable; authors write it into their files.
        severity: An `error` misleads or hurts a customer, a `warning` could be said better.
        what: What is wrong with the words found; completes "“...” ".
        why: The reason for the rule, in a sentence.
    """

    code: str
    severity: Severity
    what: str
    why: str


@dataclass(frozen=True)
class Finding:
    """A place where a rule does not hold.

    Attributes:
        rule: The rule.
        reply: Name of the reply.
        line: Of the text, or of the reply where no text is at fault.
        lines: Where a remark of the author may allow it: text, variation and reply.
        text: The words found, as written; empty where words are missing.
        start: Where they begin in the text that stands there, in characters.
        instead: What to do or to say.
    """

    rule: Rule
    reply: str
    line: int
    lines: frozenset[int]
    text: str
    start: int
    instead: str


def name_words(name: str) -> frozenset[str]:
    """The words of a reply's name, in lower case."""
    return frozenset(re.findall(r"[a-z]+", name.lower()))


def is_negative(reply: Reply, variation: Variation) -> bool:
    """Whether a condition, or else the name, shows that the customer feels bad."""
    felt = [value for slot, value in variation.conditions if slot in _EMOTION_SLOTS]
    if felt:
        return any(value.lower() in _NEGATIVE for value in felt)
    return bool(name_words(reply.name) & _NEGATIVE)


def is_upsetting(reply: Reply, variation: Variation) -> bool:
    """Whether the customer feels bad, or the name shows that something went wrong."""
    return is_negative(reply, variation) or bool(name_words(reply.name) & _TROUBLE)


def is_harmless(reply: Reply, variation: Variation) -> bool:
    """Whether the name shows that nothing went wrong, and nothing shows the contrary."""
    words = name_words(reply.name)
    return bool(words & _NOTHING_WRONG) and not is_upsetting(reply, variation)


def allowing_lines(reply: Reply, variation: Variation, said: Said) -> frozenset[int]:
    """Where a remark of the author may allow a finding in a text."""
    return frozenset({reply.line, variation.line, said.line})
