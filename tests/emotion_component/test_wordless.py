"""A file that came without words."""

from __future__ import annotations

from typing import Any

import pytest

from emotion_component.wordless import is_wordless

HELD = {"attachments": [{"kind": "image"}]}


@pytest.mark.parametrize(
    ("text", "metadata", "wordless"),
    [
        ("📷", HELD, True),
        ("📷 📎", HELD, True),
        ("", HELD, True),
        ("📷", {}, False),
        ("📷", None, False),
        ("📷 it is broken", HELD, False),
        ("😡", HELD, False),
    ],
)
def test_only_the_signs_of_files_are_no_words(text: str, metadata: Any, wordless: bool) -> None:
    assert is_wordless(text, metadata) is wordless
