from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rasa_project import attune
from rasa_project.cli.terminal import columns
from tests.rasa_project.conversations.stored import (
    answered,
    emotion,
    exported,
    handed_over,
    project,
    said,
    session,
    tracker,
)

ROOT = Path(__file__).parents[3]
CALM, CROSS, ANGRY = emotion("neutral"), emotion("frustration"), emotion("anger", 0.9)
OFFERED: dict[str, Any] = {
    **{"verdict": "offer", "escalate": False, "score": 0.7, "held": [], "answer": None},
    "levels": {"offer": 0.5, "handoff": 0.8},
    "reasons": [
        {"signal": "streak", "value": 3, "weight": 0.7, "says": "negative 3 turns in a row"}
    ],
}
HANDED = {**OFFERED, "verdict": "handoff", "escalate": True, "score": 0.91}
TALK = [
    *(*session(), said("where is my order", CROSS, "order"), *answered()),
    *(said("three weeks \x1b[31mlate", CROSS, "late"), *answered()),
    *(said("what now", CROSS, "chitchat"), *answered(), *answered("utter_offer_human", OFFERED)),
    *(said("我要投诉！" * 30, ANGRY, "complain"), *handed_over(HANDED)),
]
EXPECTED = """\
Conversation customer-1
4 messages of the customer
Source: {store}

2026-03-02 11:15:00  turn 3  offered a human
  “what now”
  score 0.70 (offer from 0.50)
    0.70  negative 3 turns in a row
2026-03-02 11:19:00  turn 4  handed over
  “我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投
  诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要
  投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我
  要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！我要投诉！”
  score 0.91 (handoff from 0.80)
    0.70  negative 3 turns in a row
"""


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    """A project with two conversations in its tracker store."""
    calm = tracker("calm", [said("late", CROSS), *answered(), said("so slow", CROSS), *answered()])
    return project(tmp_path / "bot", [tracker("customer-1", TALK), calm])


def test_each_decision_is_told_with_words_and_reasons(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (bot / "tracker.db").read_bytes()
    assert attune.main(["why", "customer-1", "--project", str(bot)]) == 0
    printed = capsys.readouterr().out
    assert printed == EXPECTED.format(store=bot / "tracker.db")
    assert (bot / "tracker.db").read_bytes() == before


def test_no_line_is_wider_than_a_terminal(bot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("customer-1", "calm"):
        attune.main(["why", name, "--project", str(bot)])
        lines = capsys.readouterr().out.replace(str(bot), "bot").split("\n")
        assert max(map(columns, lines)) <= 80


def test_json_holds_the_decisions_as_they_were_stored(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attune.main(["why", "customer-1", "--project", str(bot), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["source"] == str(bot / "tracker.db")
    [episode] = report["episodes"]
    assert (episode["messages"], episode["without_emotion"]) == (4, 0)
    assert episode["decisions"][0] == {
        **{"turn": 3, "time": "2026-03-02T11:15:00+01:00", "verdict": "offer", "by": "policy"},
        **{"says": "offered a human", "text": "what now", "decision": OFFERED, "recorded": True},
    }
    assert [each["decision"] for each in episode["decisions"]] == [OFFERED, HANDED]


def test_where_nothing_was_decided_it_says_what_came_closest(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = (bot / "config.yml").read_text() + "    streak: 2\n    weights: {streak: 0.4}\n"
    (bot / "config.yml").write_text(config)
    assert attune.main(["why", "calm", "--project", str(bot)]) == 0
    assert capsys.readouterr().out.split("\n\n")[1] == (
        "Nothing was decided: no offer and no handoff.\n"
        "Closest was turn 2, 2026-03-02 11:04:00:\n"
        "  “so slow”\n"
        "  score 0.40 (offer from 0.50, handoff from 0.80)\n"
        "    0.40  negative 2 turns in a row\n"
    )


def test_what_todays_settings_would_do_is_told_apart_from_what_was_done(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bot / "config.yml").write_text((bot / "config.yml").read_text() + "    streak: 2\n")
    assert attune.main(["why", "calm", "--project", str(bot), "--json"]) == 0
    [episode] = json.loads(capsys.readouterr().out)["episodes"]
    assert [(each["turn"], each["verdict"], each["recorded"]) for each in episode["decisions"]] == [
        (2, "offer", False)
    ]
    attune.main(["why", "calm", "--project", str(bot)])
    printed = capsys.readouterr().out
    assert "turn 2  today's settings would offer a human here" in printed
    assert "Nothing was decided: no offer and no handoff." in printed
    assert "Closest" not in printed


def test_an_unknown_conversation_is_an_error_that_names_the_store(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attune.main(["why", "nobody", "--project", str(bot)]) == 1
    assert capsys.readouterr().err == (
        f"attune: {bot / 'tracker.db'} holds no conversation 'nobody' among its 2. Give the id as "
        "Rasa has it (`sender_id`), or name another source with --from.\n"
    )


def test_an_export_is_read_without_a_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("talk.json").write_text(json.dumps(exported(tracker("customer-1", TALK))))
    assert attune.main(["why", "customer-1", "--from", "talk.json"]) == 0
    assert "offered a human" in capsys.readouterr().out


def test_messages_without_emotion_and_no_messages_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talks = [tracker("old", [said("hm", None, "x"), *answered()]), tracker("silent", session())]
    bot = project(tmp_path / "bot", talks)
    attune.main(["why", "old", "--project", str(bot)])
    printed = capsys.readouterr().out
    assert "No message gave any reason for one.\n1 of 1 message hold no emotion" in printed
    attune.main(["why", "silent", "--project", str(bot)])
    assert "The customer has written nothing" in capsys.readouterr().out


def test_neither_rasa_nor_tensorflow_is_loaded_for_it(bot: Path) -> None:
    code = (
        "import sys; from rasa_project.attune import main; main(sys.argv[1:]);"
        "sys.exit(bool({'rasa', 'tensorflow'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, "why", "customer-1", "--project", str(bot)]
    subprocess.run(command, cwd=ROOT, check=True)
