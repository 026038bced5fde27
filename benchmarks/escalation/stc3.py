"""STC-3's dialogues as a customer's courses: what the emotion model made of every turn.

NTCIR-14 STC-3 (Zeng, Kato and Sakai 2019, https://sakai-lab.github.io/stc3-dataset/): 19 annotators
judged each dialogue of a customer with a human helpdesk. Both languages share the dialogues' ids.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from emotion_component.classifier import EmotionModel
from emotion_component.course import Course
from emotion_component.datasets.corpus import fold
from emotion_component.datasets.sources import rows

SOURCE: Final = "stc3"
MAJORITY: Final = 0.5
_BATCH: Final = 48


@dataclass(frozen=True)
class Dialogue:
    """A dialogue from its customer's side.

    Attributes:
        id: Shared by its two languages.
        language: `en` or `zh`.
        texts: What the customer wrote, in order.
        courses: The course after each of these turns.
        share: Share of the annotators who voted that the customer is dissatisfied, 0 to 1.
    """

    id: str
    language: str
    texts: tuple[str, ...]
    courses: tuple[Course, ...]
    share: float

    @property
    def dissatisfied(self) -> bool:
        """Whether a majority voted so."""
        return self.share > MAJORITY


def read(path: Path, model: EmotionModel, language: str, limit: int | None) -> list[Dialogue]:
    """Read a file of dialogues and judge each of the customer's turns.

    Args:
        path: JSON lines with `id`, `turns` and `frac_dissatisfied`.
        model: Judges the turns.
        language: `en` or `zh`.
        limit: Read at most this many rows.

    Raises:
        DataMissingError: If there is no such file.
    """
    found = [row for _, row in rows(path, limit)]
    spoken = [
        tuple(str(turn["text"]) for turn in row["turns"] if turn["sender"] == "customer")
        for row in found
    ]
    judged = _judge(model, [text for texts in spoken for text in texts], language)
    return [
        Dialogue(str(row["id"]), language, texts, courses, float(row["frac_dissatisfied"]))
        for row, texts in zip(found, spoken, strict=True)
        if (courses := _courses(texts, judged))
    ]


def unseen(dialogues: Iterable[Dialogue], model: EmotionModel) -> list[Dialogue]:
    """Keep what the emotion model has not learned from: all, or the dev fold alone."""
    learned = learned_from(model)
    return [each for each in dialogues if not learned or fold(each.id) == "dev"]


def learned_from(model: EmotionModel) -> bool:
    """Tell from a model's card whether STC-3 was among its training data."""
    parts: Sequence[Any] = [model.card, *model.card.get("parts", {}).values()]
    return any(SOURCE in part.get("data", ()) for part in parts)


def _judge(model: EmotionModel, texts: Sequence[str], language: str) -> dict[str, dict[str, Any]]:
    """Judge each text once, texts of like length together, which saves padding."""
    order = sorted(set(texts), key=len)
    judged: dict[str, dict[str, Any]] = {}
    for start in tqdm(range(0, len(order), _BATCH), desc=f"{language} turns", file=sys.stderr):
        batch = order[start : start + _BATCH]
        emotions = model.predict(batch)
        judged |= {text: each.to_dict() for text, each in zip(batch, emotions, strict=True)}
    return judged


def _courses(texts: Iterable[str], judged: dict[str, dict[str, Any]]) -> tuple[Course, ...]:
    courses: list[Course] = []
    for text in texts:
        before = courses[-1] if courses else Course()
        courses.append(before.after(judged[text], text))
    return tuple(courses)
