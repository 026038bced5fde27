"""The tree of errors."""

from __future__ import annotations

from pathlib import Path

from emotion_component import errors


def test_one_except_clause_catches_every_error_of_the_package() -> None:
    raised = [value for value in vars(errors).values() if isinstance(value, type)]
    leaves = [value for value in raised if issubclass(value, Exception)]
    assert len(leaves) >= 10
    assert all(issubclass(value, errors.EmotionError) for value in leaves)


def test_a_bad_row_is_named_by_file_and_line() -> None:
    error = errors.RowError(Path("a.jsonl"), 3, "no text")
    assert (str(error), error.path, error.line) == ("a.jsonl, line 3: no text", Path("a.jsonl"), 3)
