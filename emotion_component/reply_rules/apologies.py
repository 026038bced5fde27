"""`apology-stacked` and `apology-unneeded`: once, and only where something went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from emotion_component.language import HAN
from emotion_component.reply_rules.phrases import Phrase, at, compiled, own_words
from emotion_component.reply_rules.reply import Finding, Reply, Rule, Said, Variation, is_harmless

STACKED: Final = Rule(
    "apology-stacked",
    "warning",
    "apologises more than once in one reply",
    "The second apology takes weight from the first and room from what is done about the matter.",
)
UNNEEDED: Final = Rule(
    "apology-unneeded",
    "warning",
    "apologises where nothing went wrong",
    "An apology without a cause sounds like a formula, and so will the one that is due later.",
)
_APOLOGIES: Final = (
    Phrase(
        compiled(
            r"\bsorry\b|\bapolog(?:y|ies)\b|\bapologi[sz](?:e|ed|es|ing)\b|\bbeg your pardon\b"
        ),
        "",
        not_after=compiled(r"\b(?:safe than|no need to|be|feel|not|an|accept \w+)$|n't(?: \w+)?$"),
    ),
    Phrase(
        compiled(r"抱歉|对不起|不好意思|歉意|致歉|道歉"),
        "",
        not_after=compiled(r"不用|不必|无需|别|接受"),
    ),
)
_DOUBLED: Final = compiled(
    r"(非常|真的|十分|实在|特别|很)[、，]?\1+(?:是)?(?:抱歉|对不起|不好意思)"
    r"|\b(so|very|really|terribly|truly|deeply),? \2 sorry\b"
)
_IN_HAN: Final = re.compile(f"[{HAN}]")
# English and Chinese, by whether the words found are Han characters.
_INSTEAD: Final = {
    (STACKED.code, False): "apologise once, for the thing itself: “I'm sorry the parcel is late.”",
    (STACKED.code, True): "道歉一次，并说明为哪件事，比如“抱歉，包裹晚了。”",
    (UNNEEDED.code, False): "leave it out, and begin with the matter",
    (UNNEEDED.code, True): "去掉道歉，直接说事情",
}


@dataclass(frozen=True)
class ApologyRule:
    """Both rules at once: a text that breaks the first is not told the second as well."""

    def find(self, reply: Reply, variation: Variation, said: Said) -> Iterator[Finding]:
        """Find the apology too many."""
        own = own_words(said.text)
        spans = sorted(
            span for phrase in _APOLOGIES for span in phrase.spans(own, reply, variation)
        )
        doubled = _DOUBLED.search(own)
        if doubled or len(spans) > 1:
            span = doubled.span() if doubled else spans[1]
            yield _finding(STACKED, reply, variation, said, span)
        elif spans and is_harmless(reply, variation):
            yield _finding(UNNEEDED, reply, variation, said, spans[0])


def _finding(
    rule: Rule, reply: Reply, variation: Variation, said: Said, span: tuple[int, int]
) -> Finding:
    han = _IN_HAN.search(said.text, *span) is not None
    return at(rule, reply, variation, said, span, _INSTEAD[rule.code, han])


APOLOGIES: Final = ApologyRule()
