"""`attune desk user`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rasa_project import attune
from rasa_project.desk.store.database import Store

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose desk was started once."""
    monkeypatch.delenv("ATTUNE_DESK_DB", raising=False)
    store = Store(f"sqlite:///{tmp_path / '.attune' / 'desk.db'}")
    store.open()
    store.close()
    return tmp_path


def user(project: Path, *words: str) -> int:
    return attune.main(["desk", "user", *words, "--project", str(project)])


def test_people_are_added_listed_changed_and_kept_out(project: Path, capsys: Printed) -> None:
    assert user(project, "add", "Boss", "--role", "admin", "--email", "boss@example.com") == 0
    added = capsys.readouterr().out
    assert re.search(r"^ONE_TIME_PASSWORD boss \S{16}$", added, re.MULTILINE)
    assert user(project, "add", "ana") == 0
    assert user(project, "role", "ana", "supervisor") == 0
    assert user(project, "disable", "ana") == 0
    capsys.readouterr()
    assert user(project, "list") == 0
    assert capsys.readouterr().out == (
        "NAME  ROLE        STATE              SHOWN AS  E-MAIL            OPEN  LAST SEEN\n"
        "boss  admin       one-time password  boss      boss@example.com  -     never\n"
        "ana   supervisor  disabled           ana       -                 -     never\n"
    )
    assert user(project, "enable", "ana") == 0
    assert user(project, "reset-password", "ana") == 0
    assert re.search(r"^ONE_TIME_PASSWORD ana \S{16}$", capsys.readouterr().out, re.MULTILINE)
    assert user(project, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["people"]
    assert [(person["name"], person["role"], person["disabled"]) for person in listed] == [
        ("ana", "supervisor", False),
        ("boss", "admin", False),
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["disable", "boss"], "boss is the last admin. Make somebody else one first."),
        (["role", "boss", "agent"], "boss is the last admin. Make somebody else one first."),
        (["disable", "eve"], "There is nobody named 'eve' at the desk."),
        (["add", "BOSS"], "There is somebody named 'boss' already."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    project: Path, capsys: Printed, words: list[str], says: str
) -> None:
    user(project, "add", "boss", "--role", "admin")
    capsys.readouterr()
    assert user(project, *words) == 1
    assert capsys.readouterr() == ("", f"attune: {says}\n")


def test_a_project_without_a_desk_is_told_where_it_was_looked_for(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATTUNE_DESK_DB", raising=False)
    assert user(tmp_path, "list") == 1
    assert f"no desk's database at {tmp_path / '.attune' / 'desk.db'}." in capsys.readouterr().err
    assert not (tmp_path / ".attune").exists()


def test_the_environment_goes_before_the_project(
    project: Path, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_DESK_DB", f"sqlite:///{project / '.attune' / 'desk.db'}")
    assert user(tmp_path / "elsewhere", "list") == 0
    assert capsys.readouterr().out.startswith("Nobody is there yet.")
