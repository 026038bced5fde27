"""The texts that speed is measured on: the same for everybody in a run."""

from __future__ import annotations

import random
from typing import Final, NamedTuple

from emotion_component.datasets import sources

# Files of the data folder, and what language they are in.
FILES: Final = {
    "voices/en_sample.jsonl": "en",
    "voices/zh_sample.jsonl": "zh",
    "goemotions/test.jsonl": "en",
}


class Text(NamedTuple):
    """A text to time.

    Attributes:
        text: As written.
        language: `en` or `zh`.
    """

    text: str
    language: str


def everything() -> list[list[Text]]:
    """Read every file of `FILES`.

    Raises:
        DataMissingError: If the data folder or a file is not there.
        RowError: If a line cannot be read.
    """
    folder = sources.folder()
    return [
        [Text(row["text"], language) for _, row in sources.rows(folder / name)]
        for name, language in FILES.items()
    ]


def sample(count: int, seed: int) -> list[Text]:
    """Draw texts in equal parts from every file, mixed.

    Args:
        count: How many.
        seed: The same seed draws the same texts.

    Raises:
        DataMissingError: If the data folder or a file is not there.
        RowError: If a line cannot be read.
    """
    chance = random.Random(seed)
    files = everything()
    parts = [count // len(files) + (at < count % len(files)) for at in range(len(files))]
    drawn = [t for texts, n in zip(files, parts, strict=True) for t in chance.sample(texts, n)]
    chance.shuffle(drawn)
    return drawn
