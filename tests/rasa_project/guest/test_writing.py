"""Files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.guest import writing
from rasa_project.guest.editing import Change
from rasa_project.guest.yaml_file import ProjectError


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_where_one_file_cannot_be_written_the_other_is_not_either(tmp_path: Path) -> None:
    config, endpoints = tmp_path / "config.yml", tmp_path / "endpoints.yml"
    config.write_text("a: 1\n")
    (tmp_path / "endpoints.yml.attune-part").mkdir()
    with pytest.raises(ProjectError, match=r"endpoints\.yml cannot be written"):
        writing.write([Change(config, "a: 1\n", "a: 2\n"), Change(endpoints, None, "b: 1\n")])
    assert files_of(tmp_path) == {"config.yml": "a: 1\n"}


def test_what_was_replaced_is_put_back_where_the_next_file_fails(tmp_path: Path) -> None:
    config, endpoints = tmp_path / "config.yml", tmp_path / "endpoints.yml"
    config.write_text("a: 1\n")
    (endpoints / "in the way").mkdir(parents=True)
    with pytest.raises(ProjectError, match=r"endpoints\.yml cannot be written"):
        writing.write([Change(config, "a: 1\n", "a: 2\n"), Change(endpoints, None, "b: 1\n")])
    assert files_of(tmp_path) == {"config.yml": "a: 1\n"}


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "shared.yml", tmp_path / "config.yml"
    target.write_text("a: 1\n")
    target.chmod(0o640)
    link.symlink_to(target)
    writing.write([Change(link, "a: 1\n", "a: 2\n")])
    assert link.is_symlink()
    assert target.read_text() == "a: 2\n"
    assert target.stat().st_mode & 0o777 == 0o640
