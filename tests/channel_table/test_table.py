"""The table in docs/channels.md is what tests show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rasa_project.channels.messaging import catalogue
from tests.channel_table import claims, table
from tests.channel_table.claims import Claim

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

SERVICES = ["slack", "line"]


@pytest.fixture(params=SERVICES)
def service(request):
    return request.param


@pytest.mark.channel_feature("push")
def test_everywhere(service):
    assert service != "line"


@pytest.mark.channel_feature("media", channel="line")
def test_alone():
    pass


@pytest.mark.channel_feature("media", channel="slack")
def test_left_out():
    pytest.skip("not today")


def test_of_nothing():
    raise AssertionError("it claims nothing, so it is not run")
"""


@pytest.mark.slow
def test_the_page_holds_what_the_tests_claim() -> None:
    command = [sys.executable, "-m", "tests.channel_table", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_what_passed_gets_a_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = channel_feature\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(claims, "PLACE", str(tmp_path))
    monkeypatch.setattr(claims, "OPTIONS", ("-q",))
    found = claims.prove()
    assert found.shown == {Claim("slack", "push"), Claim("line", "media")}
    assert found.broken == {Claim("line", "push"), Claim("slack", "media")}


def test_each_channel_has_a_row() -> None:
    rows = table.table(set()).splitlines()
    assert len(rows) == 2 + len(catalogue.inputs())
    assert {row.count("|") for row in rows} == {len(table.FEATURES) + 2}


def test_a_feature_without_a_column_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no column for flying"):
        table.table({Claim("line", "flying")})
