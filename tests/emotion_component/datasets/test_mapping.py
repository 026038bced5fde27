"""Mapping files from other labels to the service labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emotion_component import labels
from emotion_component.datasets import mapping
from emotion_component.errors import DataError, DataMissingError

EXPECTED = {
    "cross": ("anger",),
    "let down": ("disappointment", "sadness"),
    "spam": (),
    "4": ("joy",),
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "map.json",
            '{"cross": "anger", "let down": ["disappointment", "sadness"], '
            '"spam": null, "4": "joy"}',
        ),
        ("map.yml", "cross: anger\nlet down: [disappointment, sadness]\nspam:\n4: joy\n"),
    ],
)
def test_json_and_yaml_say_the_same(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert mapping.load(path) == EXPECTED


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("map.json", b"{", "cannot be read as a mapping"),
        ("map.json", b"\xff", "cannot be read as a mapping"),
        ("map.yaml", b"a: [", "cannot be read as a mapping"),
        ("map.json", b"[]", "must hold an object of labels"),
        ("map.yaml", b"", "must hold an object of labels"),
        ("map.json", b"{}", "must hold an object of labels"),
        ("map.json", b'{"a": "rage"}', "maps `a` to 'rage', which is no service label"),
        ("map.json", b'{"a": ["joy", 3]}', "maps `a` to 3, which is no service label"),
        ("map.json", b'{"a": []}', "maps `a` to 'an empty list'"),
        ("map.json", b'{"a": "joy", "a": "anger"}', "`a` stands in it twice"),
        ("map.yaml", b"a: joy\na: anger", "duplicate key"),
    ],
)
def test_what_is_no_mapping_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as raised:
        mapping.load(path)
    assert str(raised.value).startswith(str(path))
    assert problem in str(raised.value)


def test_a_missing_mapping_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"No mapping file at .*none\.json"):
        mapping.load(tmp_path / "none.json")


def test_several_labels_share_a_row_and_one_left_out_takes_no_part() -> None:
    found = mapping.target(["cross", "let down", "spam"], EXPECTED)
    assert found is not None
    shares = dict(zip(labels.SERVICE_LABELS, found.tolist(), strict=True))
    assert {name: value for name, value in shares.items() if value} == {
        "anger": 0.5,
        "disappointment": 0.25,
        "sadness": 0.25,
    }
    assert np.isclose(found.sum(), 1)
    assert mapping.target(["spam"], EXPECTED) is None
