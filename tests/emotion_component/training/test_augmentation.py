"""Variants of training texts."""

from __future__ import annotations

from emotion_component.training.augmentation import vary

TEXTS = ["Where is my parcel???", "气死我了！", "ok", ""] * 50


def test_some_texts_change_and_most_do_not() -> None:
    varied = vary(TEXTS, seed=1)
    changed = sum(one != other for one, other in zip(TEXTS, varied, strict=True))
    assert len(varied) == len(TEXTS)
    assert 20 < changed < 100
    assert vary(TEXTS, seed=1) == varied != vary(TEXTS, seed=2)


def test_no_text_is_lost() -> None:
    assert all(text for original, text in zip(TEXTS, vary(TEXTS, 3), strict=True) if original)
