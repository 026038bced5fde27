from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.desk.queue import config
from rasa_project.desk.queue.config import DeskConfig, Rule, Target, Team
from rasa_project.errors import StartError
from tests.rasa_project.desk.queue.conftest import ReadFile


def test_without_a_file_everybody_is_one_team_that_is_always_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.from_environment({}) == DeskConfig()


def test_the_file_of_the_project_folder_is_read_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yml").write_text("conversations_per_agent: 4")
    assert config.from_environment({}).conversations_per_agent == 4


def test_a_named_file_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="No such file or directory"):
        config.from_environment({config.VARIABLE: str(tmp_path / "none.yml")})


def test_the_file_is_read_whole(desk_config: DeskConfig) -> None:
    assert (desk_config.time_zone.key, desk_config.conversations_per_agent) == ("Europe/Berlin", 2)
    assert desk_config.opening_hours == {
        "monday": ((540, 720), (780, 1050)),
        "friday": ((540, 1440),),
    }
    assert desk_config.teams["billing"] == Team(
        name={"en": "Billing", "zh": "账务"},
        when=(Rule(intent=("refund", "invoice")), Rule(slot={"topic": ("billing",)})),
    )
    assert desk_config.targets == {
        "urgent": Target.parse_obj({"first": "1m", "next": "30s"}),
        "normal": Target.parse_obj({"first": "10m", "next": "5m"}),
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("wat: 1", "`wat`: is no name that the desk knows here."),
        ("teams: {a: {when: [{intnt: x}]}}", "`teams.a.when.0.intnt`: is no name that the desk"),
        ("teams: {Big Team: {}}", "`teams`: 'Big Team' must be small letters"),
        ("default_team: x", "`default_team`: 'x' is none of the teams."),
        ("time_zone: Mars", "`time_zone`: 'Mars' is no time zone that this machine knows"),
        ("opening_hours: {monday: 9-5}", "'9-5' must be hours such as 09:00-17:30."),
        ("opening_hours: {monday: ['12:00-09:00']}", "must end after it begins"),
        ("opening_hours: {monday: ['09:00-12:00', '11:00-13:00']}", "must follow one another"),
        ("opening_hours: {mon: ['09:00-10:00']}", "`opening_hours`: unexpected value"),
        ("holidays: {25-12: x}", "`holidays`: invalid date format."),
        ("targets: {urgent: {first: 0m}}", "must be a time such as 90s, 5m, 2h or 1d, not '0m'."),
        ("conversations_per_agent: 0", "`conversations_per_agent`: ensure this value is greater"),
        ("- 1", "must hold names with values, such as `teams:`."),
        ("a: [", "is no YAML"),
    ],
)
def test_what_makes_no_sense_ends_the_start_with_its_place(
    read_file: ReadFile, content: str, says: str
) -> None:
    with pytest.raises(StartError) as refused:
        read_file(content)
    assert says in str(refused.value)
