"""Which language a customer writes in, judged by script. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

# Chinese characters, for the inside of a character class.
HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)*")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")

# A Chinese sentence that names a product holds Latin words ("我的iPhone 15 Pro坏了"), an English
# one seldom holds Han characters: so fewer Han characters than Latin words still mean Chinese.
HAN_PER_LATIN_WORD = 0.6
# Where most letters belong to a script that is neither, the text is in neither language.
SUPPORTED_SHARE = 0.5
# Japanese mixes Han with kana and never does without them for long.
KANA_PER_HAN = 0.3


def detect(text: str) -> Language | None:
    """Judge the language of a message by its script.

    Addresses of web pages do not count. The texts are judged as written: pinyin counts as
    English, Cantonese as Chinese.

    Args:
        text: Any string.

    Returns:
        `"en"`, `"zh"`, or `None` where there is nothing to judge by: no letters, or letters of
        another script.
    """
    text = _URL.sub(" ", text)
    han = len(_HAN.findall(text))
    words = _LATIN_WORD.findall(text)
    letters = len(_LETTER.findall(text))
    if not letters or (han + sum(map(len, words))) / letters < SUPPORTED_SHARE:
        return None
    if len(_KANA_OR_HANGUL.findall(text)) > KANA_PER_HAN * han and not words:
        return None
    return "zh" if han and han >= HAN_PER_LATIN_WORD * len(words) else "en"


def each(texts: Iterable[str]) -> list[Language]:
    """Judge each text's language; what shows none, such as a lone emoji, counts as English."""
    return [detect(text) or "en" for text in texts]
