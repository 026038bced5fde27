"""How a message is written, whatever it says: how much, how loud, how many questions.

Standard library only.
"""

from __future__ import annotations

import math
import re
from typing import Final

from emotion_component.language import HAN

# So many exclamation marks are as loud as a message gets.
LOUDEST_MARKS: Final = 3
# A customer is loud by habit from this mean loudness on: two exclamation marks in every message.
LOUD_HABIT: Final = 0.6
# A message of so many letters says as much as a turn can; the measure grows with their logarithm.
FULL_LENGTH: Final = 500
# Fewer capitals than this are an order's number, a "VIP" or an "OK".
FEWEST_LETTERS: Final = 8
# A Chinese character says about as much as this many letters of English: in STC-3, whose dialogues
# stand in both languages, customers' texts are this much longer in English.
LETTERS_PER_HAN: Final = 3.5
# More question marks than this in one message ask no more.
MOST_QUESTIONS: Final = 3

_HAN = re.compile(f"[{HAN}]")
# A word of one letter ("I", "A") is a capital in the calmest message.
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
_EXCLAMATIONS = re.compile(r"[!！]+")
_QUESTIONS = re.compile(r"[?？]+")


def amount(text: str) -> float:
    """Measure how much a text says: its letters on a logarithmic scale, 0 to 1.

    A text that is not known counts like one of `FULL_LENGTH` letters.
    """
    if not text:
        return 1.0
    letters = len("".join(text.split())) + (LETTERS_PER_HAN - 1) * len(_HAN.findall(text))
    return min(1.0, math.log1p(letters) / math.log1p(FULL_LENGTH))


def questions(text: str) -> float:
    """Count the questions by their marks, as a share of `MOST_QUESTIONS`, 0 to 1."""
    return min(1.0, len(_QUESTIONS.findall(text)) / MOST_QUESTIONS)


def loudness(text: str) -> float:
    """Measure how loud a text is written, 0 (as most people write) to 1 (capitals, or "!!!")."""
    letters = "".join(_WORD.findall(text))
    written = len(letters) + len(_HAN.findall(text))
    told = len(letters) >= FEWEST_LETTERS
    capitals = sum(map(str.isupper, letters)) / written if told else 0.0
    marks = sum(map(len, _EXCLAMATIONS.findall(text))) / LOUDEST_MARKS
    return round(max(capitals, min(1.0, marks)), 4)


def even(text: str, habit: float) -> str:
    """Write a message of a customer who is loud by habit in an even tone.

    The classifier takes exclamation marks for feelings: on plain service messages three of them
    raise the intensity by .18 in English and .45 in Chinese. Said by somebody who always writes so,
    they mean nothing: what is classified then is the words.

    Args:
        text: What the customer wrote.
        habit: Mean loudness of this customer's earlier messages, 0 to 1; 0 where there were none.

    Returns:
        `text` with full stops for exclamation marks and without capitals, or as it is where the
        customer is not loud by habit.
    """
    if habit < LOUD_HABIT or not loudness(text):
        return text
    stop = "。" if _HAN.search(text) else "."
    quiet = _EXCLAMATIONS.sub(stop, text)
    return quiet.lower() if quiet.isupper() else quiet
