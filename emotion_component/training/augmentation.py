"""Variants of training texts, as customers might have typed them: for `emotion train --augment`."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

# Of three texts one is changed, and in one way: most customers type as the data do.
SHARE: Final = 1 / 3


def vary(texts: Sequence[str], seed: int) -> list[str]:
    """Change some of the texts.

    Args:
        texts: Any strings.
        seed: Fixes which are changed, and how.

    Returns:
        As many texts, in order: capitals, lower case, marks at the end left out, two letters
        swapped, one letter lost or doubled.
    """
    chance = random.Random(seed)
    return [
        chance.choice(_WAYS)(text, chance) if chance.random() < SHARE else text for text in texts
    ]


def _unmarked(text: str, _chance: random.Random) -> str:
    return text.rstrip(" .!?。！？~～…") or text


def _swapped(text: str, chance: random.Random) -> str:
    if len(text) < 4:
        return text
    at = chance.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _lost(text: str, chance: random.Random) -> str:
    if len(text) < 4:
        return text
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _doubled(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text)) if text else 0
    return text[:at] + text[at : at + 1] * 2 + text[at + 1 :]


_WAYS: Final[tuple[Callable[[str, random.Random], str], ...]] = (
    lambda text, _: text.upper(),
    lambda text, _: text.lower(),
    _unmarked,
    _swapped,
    _lost,
    _doubled,
)
