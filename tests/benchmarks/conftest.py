"""The toy model, for benchmarks that must run and need not be right."""

from __future__ import annotations

from tests.emotion_component.toy import toy_corpus, toy_folder

__all__ = ["toy_corpus", "toy_folder"]  # fixtures, found by name
