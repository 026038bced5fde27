"""`cheerful-to-upset`: no exclamation marks and no laughing faces for somebody who feels bad."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from emotion_component import language
from emotion_component.reply_rules.phrases import at, own_words
from emotion_component.reply_rules.reply import Finding, Reply, Rule, Said, Variation, is_negative

RULE: Final = Rule(
    "cheerful-to-upset",
    "error",
    "sounds cheerful to a customer who is not",
    "A cheerful tone next to anger or grief reads as mockery, or as not having read the message.",
)
_CHEER: Final = re.compile(
    r"[!！]"
    # Smiles, laughter, hearts in the eyes; parties, stars, applause, hearts.
    r"|[\U0001f600-\U0001f60b\U0001f60d-\U0001f60e\U0001f617-\U0001f61d\U0001f638-\U0001f63b]"
    r"|[\U0001f642\U0001f643\U0001f917\U0001f929\U0001f92a\U0001f970\U0001f973\u263a]"
    r"|[\U0001f389\U0001f38a\U0001f388\u2728\U0001f31f\u2b50\U0001f4af\U0001f44f\U0001f64c]"
    r"|[\U0001f44d\U0001f495-\U0001f49d\U0001f60a\u2764]"
    r"|(?<!\S)[:;]-?[)D](?!\w)|\^_?\^"
    r"|哈哈|嘿嘿|嘻嘻|[呢哦哈呀啦哟亲喔][~～]|\b(?:yay|woohoo|haha|lol|hooray|yippee)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CheerRule:
    """Holds for replies whose condition or name shows a negative emotion."""

    def find(self, reply: Reply, variation: Variation, said: Said) -> Iterator[Finding]:
        """Find the first cheerful sign."""
        match = _CHEER.search(own_words(said.text))
        if match and is_negative(reply, variation):
            chinese = language.detect(said.text) == "zh"
            instead = "用句号，去掉笑脸" if chinese else "end with a full stop, and without a smile"
            yield at(RULE, reply, variation, said, match.span(), instead)


CHEERFUL_TO_UPSET: Final = CheerRule()
