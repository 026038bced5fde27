"""The shipped weights on what customers type most: a few words, often without any emotion word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
import yaml

from emotion_component import labels
from emotion_component.classifier import EmotionModel
from emotion_component.datasets import SERVICE_MESSAGES

MESSAGES: Final = Path(__file__).with_name("everyday_messages.yml")
# These weights miss a tenth at most; new ones should not miss many more.
SHARE: Final = 0.88


def messages(language: str) -> list[tuple[str, set[str]]]:
    """Give each text with the labels that fit it."""
    grouped = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))[language]
    return [(text, set(fit.split(", "))) for fit, texts in grouped.items() for text in texts]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_none_of_them_was_learned(language: str) -> None:
    lines = [
        json.loads(line)["text"].lower()
        for path in SERVICE_MESSAGES.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert not {text.lower() for text, _ in messages(language)} & set(lines)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_most_are_read_as_a_careful_reader_would(
    language: str, shipped_model: EmotionModel
) -> None:
    asked = messages(language)
    found = shipped_model.predict([text for text, _ in asked])
    missed = {
        text: emotion.name
        for (text, fit), emotion in zip(asked, found, strict=True)
        if emotion.name not in fit
    }
    assert 1 - len(missed) / len(asked) >= SHARE, missed


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_complaint_is_hardly_ever_thanked_for(language: str, shipped_model: EmotionModel) -> None:
    complaints = [text for text, fit in messages(language) if fit <= labels.NEGATIVE]
    found = shipped_model.predict(complaints)
    pleased = [
        text
        for text, emotion in zip(complaints, found, strict=True)
        if emotion.name in labels.POSITIVE
    ]
    assert len(pleased) / len(complaints) <= 0.05, pleased
