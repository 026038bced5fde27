"""Reading YAML: where things stand, and what is said of files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.guest import project, yaml_file
from rasa_project.guest.findings import Place
from rasa_project.guest.yaml_file import ProjectError


def test_each_key_and_item_knows_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("# first\nslots:\n  mood:\n    type: any\nlist:\n- x\n- y\n")
    file = yaml_file.read(tmp_path / "a.yml", tmp_path)
    assert [
        file.at("slots"),
        file.at("slots", "mood", "type"),
        file.at("slots", "nothing"),
        file.at("list", 1),
        file.at(),
    ] == [Place("a.yml", line) for line in (2, 4, 2, 7, None)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: 1\nb: [1, 2\nc: 3\n", "config.yml, line 3: this is not YAML that can be read"),
        (b"a: 1\na: 2\n", "config.yml, line 2: this is not YAML that can be read"),
        (b"a: 1\nb: \xff\n", "config.yml, line 2: this is not UTF-8 text"),
        (b"a: \x01\n", "config.yml is not YAML that can be read"),
        (b"- a\n- b\n", "config.yml must hold `key: value` lines at its top level"),
    ],
)
def test_a_file_that_is_no_yaml_is_named_with_its_line(
    tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "config.yml").write_bytes(content)
    with pytest.raises(ProjectError) as caught:
        project.read(tmp_path)
    assert says in str(caught.value)


def test_a_folder_without_config_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"has no config\.yml, so it is no Rasa project"):
        project.read(tmp_path)
