"""The part `files` of `credentials.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.files.formats import FORMATS
from rasa_project.channels.files.settings import read

HOME = Path("/state")


def test_without_a_word_ten_megabytes_of_what_is_known_are_taken() -> None:
    found = read({}, HOME, "")
    assert found is not None
    assert (found.folder, found.max_bytes, found.types) == (
        HOME / "files", 10_000_000, tuple(FORMATS),
    )  # fmt: skip
    assert read(False, HOME, "") is None


def test_types_are_named_by_their_extensions() -> None:
    found = read({"types": ["JPG", ".jpeg", "pdf"]}, HOME, "")
    assert found is not None
    assert found.types == ("image/jpeg", "application/pdf")


@pytest.mark.parametrize(
    "wrong",
    [
        True, [], {"size": 3}, {"max_megabytes": 0}, {"link_hours": "1"}, {"types": ["svg"]},
        {"types": []}, {"types": "png"}, {"public_url": "shop.example"}, {"scan": "clamscan"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_place(wrong: Any) -> None:
    with pytest.raises(InvalidConfigException, match="Correct it there"):
        read(wrong, HOME, "Correct it there.")
