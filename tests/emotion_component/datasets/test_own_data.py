"""Labelled files of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotion_component import labels
from emotion_component.datasets import own_data
from emotion_component.datasets.own_data import OwnData
from emotion_component.datasets.sources import Example
from emotion_component.errors import DataError, DataMissingError, RowError


def summary(examples: list[Example]) -> list[tuple[str, dict[str, float], str]]:
    """Text, service labels with their shares, and identity of each."""
    return [
        (
            example.text,
            {
                name: float(value)
                for name, value in zip(
                    labels.SERVICE_LABELS, example.targets["service"], strict=True
                )
                if value
            },
            example.identity,
        )
        for example in examples
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_whatever_its_delimiter_and_mark(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = tmp_path / "own.csv"
    rows = [["id", "Nachricht", "Gefühl"], ["1", '"wo, bitte;\nist es|?"', "anger"]]
    rows += [["2", "太好了", "joy"]]
    path.write_text("\r\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    read = own_data.read(OwnData(path, "Nachricht", "Gefühl"))
    assert summary(read) == [
        ("wo, bitte;\nist es|?", {"anger": 1.0}, "wo, bitte;\nist es|?"),
        ("太好了", {"joy": 1.0}, "太好了"),
    ]


def test_json_lines_may_hold_lists_of_labels_intensity_and_voice(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"text": "a", "label": ["anger", "worry"], "intensity": 3, "voice": "v"}\n'
        '{"text": "b", "label": "joy"}\n'
    )
    read = own_data.read(OwnData(path))
    assert summary(read) == [
        ("a", {"anger": 0.5, "worry": 0.5}, "v"),
        ("b", {"joy": 1.0}, "b"),
    ]
    assert read[0].targets["intensity"].tolist() == [1.0]
    assert "intensity" not in read[1].targets


def test_mapped_labels_count_and_those_mapped_to_nothing_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("text,label\na,1\nb,0\nc,-1\n")
    mapping = {"1": ("joy",), "0": (), "-1": ("anger", "frustration")}
    assert summary(own_data.read(OwnData(path, mapping=mapping))) == [
        ("a", {"joy": 1.0}, "a"),
        ("c", {"frustration": 0.5, "anger": 0.5}, "c"),
    ]


def test_every_label_without_a_service_label_is_named_with_its_count(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("text,label\na,cross\nb,joy\nc,meh\nd,cross\n")
    with pytest.raises(DataError, match=r"own\.csv .*: `cross` \(2\), `meh` \(1\)\. Name each"):
        own_data.read(OwnData(path))


def test_bad_rows_of_a_csv_are_noted_by_the_line_they_start_on(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(
        b"text,label,intensity\n"
        b'"two\nlines",joy,\n'  # 2 and 3
        b" ,joy,\n"  # 4
        b"nan,joy,\n"
        b"a,,\n"
        b"a,joy\n"
        b"bad \xff byte,joy,\n"
        b"a,joy,7\n"
        b"\n"
        b'a,"joy"x,1\n'
        b"good,joy,2\n"  # 12
        b'"never closed,joy,1\n'
    )
    bad: list[RowError] = []
    read = own_data.read(OwnData(path), bad=bad)
    assert [example.text for example in read] == ["two\nlines", "good"]
    assert [(error.line, str(error).split(": ", 1)[1][:22]) for error in bad] == [
        (4, "the text is blank"),
        (5, "the text is missing. R"),
        (6, "the label is missing. "),
        (7, "must have 3 columns. R"),
        (8, "the text is not valid "),
        (9, "must be a number from "),
        (11, "not a CSV row: ',' exp"),
        (13, "not a CSV row: unexpec"),
    ]
    with pytest.raises(RowError, match="line 4: the text is blank"):
        own_data.read(OwnData(path))


def test_bad_rows_of_json_lines_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"text": "a", "label": "joy"}\n{"text": "b"}\n{"text": NaN, "label": "joy"}\n'
        '{"text": "c", "label": NaN}\n{"text": "d", "label": {"a": 1}}\nnot json\n'
    )
    bad: list[RowError] = []
    assert [example.text for example in own_data.read(OwnData(path), bad=bad)] == ["a"]
    assert [error.line for error in bad] == [2, 3, 4, 5, 6]
    assert "has no `label`. Received: text" in str(bad[0])


def test_a_file_without_the_columns_says_which_it_has(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("id;message;mood\n1;a;joy\n")
    with pytest.raises(DataError, match=r"no column `label`, `text`\. Received: id, message, mood"):
        own_data.read(OwnData(path))
    path.write_text("")
    with pytest.raises(DataError, match="Received: an empty file"):
        own_data.read(OwnData(path))


def test_nothing_to_train_on_is_said(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("text,label\n")
    with pytest.raises(DataError, match="holds no rows to train on"):
        own_data.read(OwnData(path))
    with pytest.raises(DataMissingError, match=r"No data file at .*none\.csv"):
        own_data.read(OwnData(tmp_path / "none.csv"))


def test_a_limit_reads_only_the_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("text,label\n" + "a,joy\n" * 5 + "b,unknown\n")
    assert len(own_data.read(OwnData(path), limit=3)) == 3
