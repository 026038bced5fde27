"""What finished models say of training texts, for a new one to learn: asked once, and kept.

A teacher of six layers takes minutes for the texts of a training. Their judgements stand in the
training's run folder, one file a teacher, so that a training that goes on does not wait for them
again, and one whose data have grown asks for the new texts alone.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from emotion_component.classifier import EmotionModel
from emotion_component.datasets.sources import Example
from emotion_component.errors import TrainingError
from emotion_component.network.model import ANSWERS
from emotion_component.training.keeping import keep
from emotion_component.training.predicting import PREDICT_BATCH

Floats = npt.NDArray[np.float32]
Judgements = dict[str, Floats]

# In the run folder: a file for each teacher. Beside the heads it holds the digests of the texts.
_FOLDER: Final = "judgements"
_DIGESTS: Final = "digests"
_NAME_LENGTH: Final = 16


@dataclass(frozen=True)
class Teacher:
    """A finished model that is learned from.

    Attributes:
        name: Unlike any other model's; at least `_NAME_LENGTH` hexadecimal digits.
        ask: Texts to head name to probabilities `[texts, outputs]`, of the heads that it knows.
    """

    name: str
    ask: Callable[[Sequence[str]], Mapping[str, Floats]]


def teacher(model: EmotionModel) -> Teacher:
    """Let a model teach what it has learned: an untrained head would teach noise.

    Args:
        model: Any; one from before its heads were noted down has learned all.
    """
    known = model.card.get("heads", ANSWERS)

    def ask(texts: Sequence[str]) -> Mapping[str, Floats]:
        scores = model.probabilities(texts)
        return {head: scores[head] for head in known}

    return Teacher(model.fingerprint, ask)


def judged_by(
    teachers: Sequence[Teacher], examples: Sequence[Example], run: Path | None = None
) -> Judgements:
    """Ask each teacher once for each text.

    Args:
        teachers: Any number; none teach nothing.
        examples: Whose texts are judged; a text that occurs twice is judged once.
        run: Folder in which the judgements are kept and looked for; `None` keeps none.

    Returns:
        Head name to the mean probabilities `[examples, outputs]` of the teachers that know it; a
        head that none knows is absent.

    Raises:
        TrainingError: If judgements that were kept cannot be read.
    """
    if not teachers:
        return {}
    # Texts of like length share a batch: little padding.
    texts = sorted({example.text for example in examples}, key=lambda text: (len(text), text))
    at = {text: row for row, text in enumerate(texts)}
    rows = [at[example.text] for example in examples]
    said = [_judgements(each, texts, run) for each in teachers]
    means = {
        head: np.mean([each[head] for each in said if head in each], axis=0, dtype=np.float32)
        for head in ANSWERS
        if any(head in each for each in said)
    }
    return {head: mean[rows] for head, mean in means.items()}


def _judgements(asked: Teacher, texts: Sequence[str], run: Path | None) -> Judgements:
    """Give one teacher's judgements `[texts, outputs]`, those that were kept and new ones."""
    path = run / _FOLDER / f"{asked.name[:_NAME_LENGTH]}.npz" if run else None
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
    kept, at = _read(path) if path and path.is_file() else ({}, {})
    missing = [row for row, digest in enumerate(digests) if digest not in at]
    if missing:
        new = _ask(asked, [texts[row] for row in missing])
        at |= {digests[row]: len(at) + place for place, row in enumerate(missing)}
        kept = {head: np.concatenate([kept[head], new[head]]) for head in new} if kept else new
        if path:
            _write(path, kept, list(at))
    rows = [at[digest] for digest in digests]
    return {head: values[rows] for head, values in kept.items()}


def _ask(asked: Teacher, texts: Sequence[str]) -> Judgements:
    starts = range(0, len(texts), PREDICT_BATCH)
    bar = tqdm(starts, desc=f"teacher {asked.name[:6]}", unit="batch", leave=False)
    parts = [asked.ask(texts[start : start + PREDICT_BATCH]) for start in bar]
    return {head: np.concatenate([part[head] for part in parts]) for head in parts[0]}


def _read(path: Path) -> tuple[Judgements, dict[str, int]]:
    """Give kept judgements `[texts, outputs]`, and the row of each text by its digest."""
    try:
        with np.load(path) as file:
            kept = {name: file[name] for name in file.files}
        digests = kept.pop(_DIGESTS)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise TrainingError(
            f"{path} cannot be read: {error}. Remove it; the teacher is asked again."
        ) from error
    return kept, {str(digest): row for row, digest in enumerate(digests)}


def _write(path: Path, judgements: Judgements, digests: Sequence[str]) -> None:
    """Keep judgements; a kill leaves the file as it was."""
    told = {_DIGESTS: np.array(digests), **judgements}
    keep(path, lambda fresh: np.savez(fresh, **told))
