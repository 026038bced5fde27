from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from rasa_project import attune
from rasa_project.cli.terminal import columns
from tests.rasa_project.cli.test_why import TALK
from tests.rasa_project.conversations.stored import (
    START,
    answered,
    emotion,
    exported,
    project,
    said,
    tracker,
)

CALM, ANGRY = emotion("neutral"), emotion("anger", 0.9)
SHOUT = "THIS IS A JOKE!!! I am furious, I want my money back NOW"
TALKS = [
    tracker("customer-1", TALK),
    tracker("顾客-2", [said("真是垃圾！我要投诉", ANGRY), *answered()], START + 86_400),
    tracker("customer-3", [said("hello", CALM, "greet"), *answered()], START + 2 * 86_400),
]


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    """A project with three conversations in its tracker store."""
    return project(tmp_path / "bot", TALKS)


def replayed(bot: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert attune.main(["replay", "--project", str(bot), "--json", *words]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_the_table_tells_what_differs_and_why(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = ["--set", "handoff=0.7", "--set", "weights.trend=0"]
    assert attune.main(["replay", "--project", str(bot), *changes]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.replace(str(bot), "bot") == (
        "3 conversations, 6 messages of customers\n"
        "Source: bot/tracker.db\n"
        "Settings: bot/config.yml with handoff=0.7, weights.trend=0\n"
        "\n"
        "                  before  after  newly  no longer  earlier  later   same\n"
        "handed over            1      2      1          0        1      0      0\n"
        "offered a human        1      0      0          1        0      0      0\n"
        "After the first decision that differs it is an estimate: the customer's words\n"
        "stay as they were. Nothing is weighed that was written after a human's first\n"
        "answer.\n"
        "\n"
        "顾客-2, 2026-03-03 11:00:00: newly handed over at turn 1\n"
        "  would be: handed over at turn 1, score 0.70 (handoff from 0.70): strong\n"
        "    anger (81%) 0.70\n"
        "    “真是垃圾！我要投诉”\n"
        "\n"
        "customer-1, 2026-03-02 11:03:00: handed over earlier: at turn 3, not 4\n"
        "  happened: offered a human at turn 3, score 0.70 (offer from 0.50): negative\n"
        "    3 turns in a row 0.70\n"
        "    “what now”\n"
        "  happened: handed over at turn 4, score 0.91 (handoff from 0.80): negative 3\n"
        "    turns in a row 0.70\n"
        f"    “{'我要投诉！' * 7}我要\n"
        f"    投诉！{'我要投诉！' * 6}我要投诉…”\n"
        "  would be: handed over at turn 3, score 0.70 (handoff from 0.70): negative 3\n"
        "    turns in a row 0.70\n"
        "    “what now”\n"
        "\n"
        "customer-3, 2026-03-04 11:00:00: unchanged\n"
    )


def test_no_line_is_wider_than_a_terminal(bot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    attune.main(["replay", "--project", str(bot)])
    lines = capsys.readouterr().out.replace(str(bot), "bot").split("\n")
    assert max(map(columns, lines)) <= 80


def test_nothing_is_sent_and_the_store_stays_as_it_is(
    bot: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a replay opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "sendto", refuse)
    files = {path: path.read_bytes() for path in bot.rglob("*") if path.is_file()}
    assert replayed(bot, capsys, "--set", "handoff=0.6")["totals"]["conversations"] == 3
    assert {path: path.read_bytes() for path in bot.rglob("*") if path.is_file()} == files


def test_the_page_holds_what_the_table_says(
    bot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "replay.html"
    report = replayed(bot, capsys, "--set", "handoff=0.7", "--html", str(page))
    text = page.read_text(encoding="utf-8")
    totals = report["totals"]
    for name, verdict in (("handed over", "handoff"), ("offered a human", "offer")):
        row = re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', text)
        assert row is not None
        assert list(map(int, re.findall(r">(\d+)<", row[1]))) == list(totals[verdict].values())
    for episode in report["episodes"]:
        assert f"{episode['conversation']}: {episode['says']}</h3>" in text
        for decided in [*episode["happened"], *episode["replayed"]]:
            assert f"Turn {decided['turn']}: <b>{decided['says']}</b>" in text
            for reason in decided["decision"]["reasons"]:
                assert f"<li>{reason['says']} <b>{reason['weight']:.2f}</b></li>" in text


def test_a_limit_shows_fewer_and_counts_all(bot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = replayed(bot, capsys, "--set", "handoff=0.7", "--limit", "1")
    assert [each["conversation"] for each in report["episodes"]] == ["顾客-2"]
    assert report["totals"]["conversations"] == 3
    attune.main(["replay", "--project", str(bot), "--limit", "1"])
    assert "2 more not shown; --limit shows more of them." in capsys.readouterr().out


def test_an_export_and_another_config_are_read(
    bot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, config = tmp_path / "talks.jsonl", tmp_path / "strict.yml"
    export.write_text("\n".join(json.dumps(exported(talk)) for talk in TALKS))
    config.write_text((bot / "config.yml").read_text() + "    offer: null\n    handoff: 1.0\n")
    report = replayed(bot, capsys, "--from", str(export), "--config", str(config))
    assert (report["source"], report["settings"]) == (str(export), str(config))
    assert [each["says"] for each in report["episodes"]] == [
        *("no longer handed over (was at turn 4)", "unchanged", "unchanged"),
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "nowhere.json"], "There is no file at nowhere.json"),
        (["--config", "nowhere.yml"], "There is no file at nowhere.yml"),
        (["--set", "handoff=2"], "must be a number above 0 up to 1. Received: handoff=2"),
        (["--html", "no/such/folder.html"], "The page cannot be written to no/such/folder.html"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    bot: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attune.main(["replay", "--project", str(bot), *words]) == 1
    printed = capsys.readouterr()
    assert (printed.out, says in printed.err) == ("", True)


def test_an_empty_store_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bot = project(tmp_path / "bot", [])
    assert attune.main(["replay", "--project", str(bot)]) == 1
    assert f"{bot / 'tracker.db'} holds no conversation." in capsys.readouterr().err


@pytest.mark.slow
def test_messages_from_before_attune_are_judged_where_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = [said("hello", None, "greet"), *answered(), said(SHOUT), *answered()]
    bot = project(tmp_path / "bot", [tracker("old", talk)])
    plain = replayed(bot, capsys)
    assert (plain["totals"]["without_emotion"], plain["totals"]["changed"]) == (2, 0)
    assert attune.main(["replay", "--project", str(bot)]) == 0
    assert "2 of 2 messages hold no emotion" in capsys.readouterr().out
    judged = replayed(bot, capsys, "--classify", "--set", "intensity=0.5")
    assert (judged["totals"]["without_emotion"], judged["totals"]["changed"]) == (0, 1)
    [offered] = judged["episodes"][0]["replayed"]
    assert (offered["turn"], offered["verdict"], offered["text"]) == (2, "offer", SHOUT)
