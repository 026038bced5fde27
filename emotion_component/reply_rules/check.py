"""All rules over all replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from emotion_component.reply_rules import apologies, cheer, form
from emotion_component.reply_rules.apologies import APOLOGIES
from emotion_component.reply_rules.cheer import CHEERFUL_TO_UPSET
from emotion_component.reply_rules.feelings import CLAIMS_FEELING, CLAIMS_HUMAN
from emotion_component.reply_rules.form import LENGTH
from emotion_component.reply_rules.manner import (
    BLAMES_CUSTOMER,
    COMMANDS_CALM,
    CORPORATE_FILLER,
    MINIMISES,
)
from emotion_component.reply_rules.promises import PROMISE_UNBACKED
from emotion_component.reply_rules.reply import Finding, Reply, Rule, Said, Variation


class TextRule(Protocol):
    """A rule that looks at one text at a time."""

    def find(self, reply: Reply, variation: Variation, said: Said) -> Iterator[Finding]:
        """Find where the text breaks the rule."""
        ...


_PHRASE_RULES: Final = (
    CLAIMS_FEELING,
    CLAIMS_HUMAN,
    PROMISE_UNBACKED,
    BLAMES_CUSTOMER,
    COMMANDS_CALM,
    MINIMISES,
    CORPORATE_FILLER,
)
_TEXT_RULES: Final[tuple[TextRule, ...]] = (
    *_PHRASE_RULES,
    APOLOGIES,
    CHEERFUL_TO_UPSET,
    LENGTH,
)
RULES: Final[tuple[Rule, ...]] = (
    *(each.rule for each in _PHRASE_RULES),
    apologies.STACKED,
    apologies.UNNEEDED,
    cheer.RULE,
    form.LANGUAGE_MISSING,
    form.TEXT_REPEATED,
    form.TOO_LONG,
)
CODES: Final = tuple(rule.code for rule in RULES)


def check_reply(reply: Reply) -> list[Finding]:
    """Hold one reply to every rule that can be judged without the others.

    Returns:
        What was found, in the order of lines and of the words in them.
    """
    found = [
        finding
        for rule in _TEXT_RULES
        for variation in reply.variations
        for said in variation.says
        for finding in rule.find(reply, variation, said)
    ]
    return sorted([*found, *form.repeated(reply)], key=_place)


def missing_languages(replies: Sequence[Reply]) -> list[Finding]:
    """Hold each reply to the languages that at least half of a project's replies speak."""
    return list(form.missing_languages(replies))


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.line, finding.start, finding.rule.code
