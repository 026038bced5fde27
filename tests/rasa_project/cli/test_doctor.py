"""`attune doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rasa_project import attune
from tests.rasa_project.guest import bots

ROOT = Path(__file__).parents[3]


def test_a_healthy_project_gets_one_good_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = bots.healthy(tmp_path)
    assert attune.main(["doctor", str(bot)]) == 0
    assert capsys.readouterr().out == (
        f"All good: Attune is in place in {bot}, and no known trap was found.\n"
    )


def test_warnings_are_printed_and_exit_with_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = bots.healthy(tmp_path)
    (bot / "credentials.yml").write_text("rest:\n")
    assert attune.main(["doctor", str(bot)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("credentials.yml:1: warning channel-no-push\n  The rest channel ")
    assert "\n  Do: Use it for tests alone" in printed
    assert printed.endswith("\n\n1 warning.\n")


def test_json_holds_each_finding_and_errors_exit_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = bots.guest_bot(tmp_path / "bot")
    assert attune.main(["doctor", str(bot), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report == {
        "project": str(bot),
        "findings": [
            {
                "severity": "error",
                "code": "attune-absent",
                "file": "config.yml",
                "line": None,
                "what": "Nothing of Attune is in this project: no importer, component, policy or "
                "replies.",
                "fix": f"Run `attune add {bot}`.",
            }
        ],
        "counts": {"error": 1, "warning": 0, "note": 0},
    }


def test_the_worst_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bot = bots.healthy(tmp_path)
    (bot / "credentials.yml").write_text("callback:\n  url: http://localhost/\nrest:\n")
    bots.edit(
        bot / "config.yml",
        "importers:\n  - name: emotion_component.rasa_importer.EmotionImporter\n",
        "",
    )
    attune.main(["doctor", str(bot), "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["severity"] for each in found] == ["error", "warning", "note"]


def test_training_data_that_do_not_parse_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = bots.healthy(tmp_path)
    (bot / "data").mkdir()
    (bot / "data" / "nlu.yml").write_text("nlu:\n- intent: [\n")
    assert attune.main(["doctor", str(bot)]) == 1
    assert "data/nlu.yml, line 3: this is not YAML" in capsys.readouterr().err


def test_the_demo_shop_has_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert attune.main(["doctor", str(ROOT)]) == 0
