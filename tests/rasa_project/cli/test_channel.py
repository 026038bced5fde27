"""`attune channel`."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from rasa_project import attune
from rasa_project.channels.messaging.database import Database, address
from rasa_project.channels.messaging.part import Part
from rasa_project.channels.messaging.tables import Customer, Outgoing, Received
from rasa_project.channels.messaging.turn import Turn

Printed = pytest.CaptureFixture[str]
BLOCKED = "Telegram answered 403: Forbidden: bot was blocked by the user"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ATTUNE_CHANNELS_DB", raising=False)
    return tmp_path


@pytest.fixture
def database(project: Path) -> Iterator[Database]:
    """A turn, a message and one that the service had, all given up."""
    opened = Database(address(project))
    opened.open()
    now = time.time()
    dead = {"channel": "telegram", "customer": "1", "state": "dead", "attempts": 6,
            "next_attempt_at": now}  # fmt: skip
    with opened.write() as session:
        session.add(Customer(channel="telegram", customer="1", route={}, paced_until=0.0))
        turn = Turn(id="a", customer="1", text="Where is it?").to_dict()
        session.add(Received(delivery_id="a", turn=turn, place=1.0, received_at=now,
                             ended_at=now - 9, error="no lock", **dead))  # fmt: skip
        for number, text in enumerate(("Are you there?", "")):
            part = Part("text", text=text).to_dict()
            session.add(Outgoing(utterance=f"id-{number}", piece=0, part=part, created_at=0.0,
                                 ended_at=now - number, error=BLOCKED, **dead))  # fmt: skip
    yield opened
    opened.close()


def channel(project: Path, *words: str) -> int:
    return attune.main(["channel", *words, "--project", str(project)])


def test_what_was_given_up_is_listed_with_its_reason(
    project: Path, database: Database, capsys: Printed
) -> None:
    assert channel(project, "failed") == 0
    shown = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", capsys.readouterr().out)
    assert shown == (
        f"out-1  WHEN  telegram:1\n    Are you there?\n    {BLOCKED}\n"
        f"out-2  WHEN  telegram:1\n    (its words are forgotten)\n    {BLOCKED}\n"
        "in-1  WHEN  telegram:1\n    Where is it?\n    no lock\n"
    )
    assert channel(project, "failed", "--json") == 0
    found = json.loads(capsys.readouterr().out)["failed"]
    assert [one["id"] for one in found] == ["out-1", "out-2", "in-1"]


def test_it_can_be_tried_again(project: Path, database: Database, capsys: Printed) -> None:
    assert channel(project, "again", "out-1", "in-1") == 0
    with database.read() as session:
        rows = [session.scalars(select(table)).first() for table in (Received, Outgoing)]
    assert [(row.state, row.attempts, row.error) for row in rows] == [("pending", 0, None)] * 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("out-2", "The words of out-2 are forgotten"),
        ("out-9", "out-9 is no message that was given up"),
        ("x", "x is no message that was given up"),
    ],
)
def test_all_of_it_or_none(
    project: Path, database: Database, capsys: Printed, name: str, says: str
) -> None:
    assert channel(project, "again", "in-1", name) == 1
    assert says in capsys.readouterr().err
    with database.read() as session:
        assert set(session.scalars(select(Received.state))) == {"dead"}


def test_without_any_nothing_is_listed(project: Path, capsys: Printed) -> None:
    assert channel(project, "failed") == 0
    assert capsys.readouterr().out == "Nothing was given up.\n"


CREDENTIALS = """
rest:
rasa_project.channels.messaging.providers.telegram.TelegramInput:
  access_token: "1:a"
  secret_token: a-secret-of-the-tests
  api_url: http://127.0.0.1:9
rasa_project.channels.messaging.providers.whatsapp.WhatsAppInput:
  access_token: a-token-of-the-tests
  app_secret: a-secret-of-the-tests
  verify_token: a-word-of-the-tests
  phone_number_id: "1"
"""


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("check", "telegram"), 1, "no  Telegram cannot be reached"),
        (("check", "rest"), 1, "holds no messaging channel 'rest'; it holds telegram, whatsapp."),
        (("register", "telegram", "https://a.example"), 1, "Telegram cannot be reached"),
        (
            ("register", "whatsapp", "https://a.example/"),
            1,
            "enter https://a.example/webhooks/whatsapp/webhook there",
        ),
    ],
)
def test_what_is_wrong_with_a_channel_is_said(
    project: Path, capsys: Printed, words: tuple[str, ...], status: int, says: str
) -> None:
    (project / "credentials.yml").write_text(CREDENTIALS, encoding="utf-8")
    assert channel(project, *words) == status
    printed = capsys.readouterr()
    assert says in printed.out + printed.err


def test_credentials_that_are_wrong_are_said(project: Path, capsys: Printed) -> None:
    (project / "credentials.yml").write_text(
        "rasa_project.channels.messaging.providers.telegram.TelegramInput:\n  x: 1\n",
        encoding="utf-8",
    )
    assert channel(project, "check", "telegram") == 1
    assert "`access_token` of the Telegram channel is missing" in capsys.readouterr().err
