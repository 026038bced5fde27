"""Readers of the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emotion_component import labels
from emotion_component.datasets import sources
from emotion_component.errors import DataMissingError, RowError


def test_a_missing_folder_says_how_to_get_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sources.DATA_VARIABLE, "/nowhere")
    with pytest.raises(DataMissingError, match=r"/nowhere\. Set EMOTION_DATA_DIR to a folder"):
        sources.folder()


@pytest.mark.parametrize(
    ("path", "source", "heads"),
    [
        ("goemotions/dev.jsonl", "goemotions", {"goemotions", "service"}),
        ("brighter/zh_dev.jsonl", "brighter", {"brighter", "intensity", "service"}),
        ("xed/zh.jsonl", "xed", {"plutchik", "service"}),
        ("xed/en_neutral.jsonl", "xed", {"plutchik", "service"}),
        ("stc3/en.jsonl", "stc3", {"negative"}),
        ("voices/zh_sample.jsonl", "voices", {"service", "intensity", "brighter"}),
        ("smp2020/dev.jsonl", "smp2020", {"service"}),
    ],
)
def test_each_source_teaches_its_own_heads_with_targets_between_0_and_1(
    path: str, source: str, heads: set[str]
) -> None:
    examples = sources.read(sources.folder() / path, source, limit=200)
    assert {head for example in examples for head in example.targets} == heads
    values = np.concatenate([target for e in examples for target in e.targets.values()])
    assert 0 <= values.min() <= values.max() <= 1


def test_only_sources_with_a_licence_for_it_may_train_shipped_weights() -> None:
    ships = {name: source.licence for name, source in sources.SOURCES.items() if source.ships}
    assert ships == {
        "goemotions": "CC BY 4.0",
        "brighter": "CC BY 4.0",
        "xed": "CC BY 4.0",
        "stc3": "CC BY 4.0",
        "voices": "CC0",
    }


def test_a_mixed_row_teaches_no_service_label(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "so", "labels": ["joy", "anger"]}\n{"text": "b", "labels": ["joy"]}')
    mixed, plain = sources.read(path, "goemotions")
    assert set(mixed.targets) == {"goemotions"}
    assert labels.SERVICE_LABELS[int(plain.targets["service"].argmax())] == "joy"


def test_the_helpdesk_turns_of_a_dialogue_are_not_negative(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"id": "7", "frac_dissatisfied": 0.5, "turns": ['
        '{"sender": "customer", "text": "late"}, {"sender": "helpdesk", "text": "sorry"}]}'
    )
    read = sources.read(path, "stc3")
    assert [(e.text, float(e.targets["negative"][0]), e.identity) for e in read] == [
        ("late", 0.5, "7"),
        ("sorry", 0.0, "7"),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "not a JSON object in UTF-8"),
        (b"\xff\xfe", "not a JSON object in UTF-8"),
        (b"[1]", "must be a JSON object. Received: list"),
        (b'{"labels": []}', "needs a string `text`"),
        (b'{"text": 3, "labels": []}', "needs a string `text`"),
        (b'{"text": NaN, "labels": []}', "needs a string `text`"),
        (b'{"text": " \\n", "labels": ["joy"]}', "the text is blank"),
        (b'{"text": "\\ud83d", "labels": ["joy"]}', "the text is not valid Unicode"),
        (b'{"text": "a"}', "not a row of goemotions: KeyError"),
        (b'{"text": "a", "labels": ["rage"]}', "unknown label `rage`. Known: admiration"),
        (b'{"text": "a", "labels": 3}', "not a row of goemotions: TypeError"),
    ],
)
def test_a_bad_row_is_refused_with_its_file_and_line(
    tmp_path: Path, line: bytes, problem: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "a", "labels": ["joy"]}\n\n' + line + b"\n")
    with pytest.raises(RowError) as raised:
        sources.read(path, "goemotions")
    assert str(raised.value).startswith(f"{path}, line 3: ")
    assert problem in str(raised.value)


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("voices", '{"text": "a", "label": "joy", "intensity": 4, "voice": "v"}', "Received: 4"),
        ("voices", '{"text": "a", "label": "joy", "intensity": NaN, "voice": "v"}', "from 0 to 3"),
        ("brighter", '{"text": "a", "labels": [], "intensity": 2}', "not a row of brighter"),
        ("brighter", '{"text": "a", "labels": [], "intensity": {"joy": -1}}', "Received: -1"),
        ("stc3", '{"id": "1", "frac_dissatisfied": 1.5, "turns": []}', "from 0 to 1"),
        ("smp2020", '{"text": "a", "label": "joyful"}', "not a row of smp2020: KeyError"),
    ],
)
def test_figures_out_of_range_are_refused(
    tmp_path: Path, source: str, line: str, problem: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line)
    with pytest.raises(RowError, match="line 1: ") as raised:
        sources.read(path, source)
    assert problem in str(raised.value)


def test_with_a_list_for_them_bad_rows_are_noted_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = ['{"text": "a", "labels": ["joy"]}', "{", "[]", '{"labels": []}', '{"text": "b"}']
    path.write_text("\n".join([*lines, '{"text": "c", "labels": ["anger"]}']))
    bad: list[RowError] = []
    assert [e.text for e in sources.read(path, "goemotions", bad=bad)] == ["a", "c"]
    assert [(error.path, error.line) for error in bad] == [(path, n) for n in (2, 3, 4, 5)]


def test_blank_rows_that_a_source_was_published_with_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": " ", "labels": ["joy"]}\n{"text": "b", "labels": ["joy"]}')
    assert [e.text for e in sources.read(path, "xed")] == ["b"]
    path.write_text(
        '{"id": "7", "frac_dissatisfied": 0.5, "turns": ['
        '{"sender": "customer", "text": ""}, {"sender": "customer", "text": "late"}]}'
    )
    assert [e.text for e in sources.read(path, "stc3")] == ["late"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"No data file at .*none\.jsonl"):
        sources.read(tmp_path / "none.jsonl", "xed")
