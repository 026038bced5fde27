"""Emotion recognition for Rasa Open Source bots, in English and Chinese.

Nothing is imported until it is asked for, so that the action server can read
`emotion_component.labels` without loading TensorFlow or Rasa.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["EmotionClassifier"]

_EXPORTS = {"EmotionClassifier": "emotion_component.rasa_nlu"}


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use (PEP 562)."""
    if name in _EXPORTS:
        return getattr(import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
