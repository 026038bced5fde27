"""A bot that was really trained and talked to, replayed from the database that it stored in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rasa_project import attune
from rasa_project.replay import turn_ends
from tests.emotion_component.guest import ANGRY_EN, ANGRY_ZH, Chat, copy_bot, load, train

TALKS = (
    ("hello", "where is my order", "thanks"),
    ("hello", ANGRY_EN, "no", ANGRY_EN, ANGRY_EN, ANGRY_EN),
    (ANGRY_ZH, "yes", "hello?"),
    ("qwertz", "asdf", "yxcv", "qwertz asdf", "uiop", "hjkl"),
    (ANGRY_EN, "you are useless and I hate this!!!", "I want to talk to a human"),
    ("I want to talk to a human", ANGRY_EN),
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of a bot that has had these talks."""
    project = copy_bot(tmp_path_factory.mktemp("replayed") / "bot")
    agent = load(train(project), project / "tracker.db")
    for talk in TALKS:
        chat = Chat(agent)
        for text in talk:
            await chat.say(text)
    return project


def replayed(bot: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    where = ["--project", str(bot), "--from", str(bot / "tracker.db")]
    assert attune.main(["replay", *where, "--json", *words]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


async def test_the_bots_own_settings_decide_again_what_it_decided(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = replayed(bot, capsys)
    assert report["totals"]["conversations"] == len(TALKS)
    assert report["totals"]["handoff"]["before"] >= 2
    assert report["totals"]["offer"]["before"] >= 2
    differing = [each for each in report["episodes"] if each["says"] != "unchanged"]
    assert differing == []
    for episode in report["episodes"]:
        for side in ("happened", "replayed"):
            episode[side] = [
                (each["turn"], each["verdict"], (each["decision"] or {}).get("reasons"))
                for each in episode[side]
                if each["verdict"] != "held"
            ]
        assert episode["happened"] == episode["replayed"]


async def test_other_settings_decide_otherwise(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    never = replayed(bot, capsys, "--set", "offer=null", "--set", "handoff=1.0")["totals"]
    assert (never["offer"]["before"] > 0, never["offer"]["after"]) == (True, 0)
    soon = replayed(bot, capsys, "--set", "handoff=0.5")["totals"]
    assert soon["handoff"]["earlier"] > 0
    assert (soon["handoff"]["later"], soon["handoff"]["no_longer"]) == (0, 0)


async def test_why_tells_the_decision_that_the_policy_stored(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handed = next(
        each for each in replayed(bot, capsys)["episodes"] if each["replayed"] and each["happened"]
    )
    words = ["why", handed["conversation"], "--from", str(bot / "tracker.db"), "--json"]
    assert attune.main([*words, "--project", str(bot)]) == 0
    [episode] = json.loads(capsys.readouterr().out)["episodes"]
    recorded = [each for each in episode["decisions"] if each["recorded"]]
    assert [each["decision"] for each in recorded] == [
        each["decision"] for each in handed["happened"]
    ]


def test_the_model_tells_after_which_actions_the_bot_listens(bot: Path) -> None:
    ends = turn_ends.read(bot)
    assert ends
    assert "action_listen" not in ends
