"""The audit log as admins read it, on both kinds of databases."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from sqlalchemy.orm import Session

from rasa_project.desk.audit import log, reading
from rasa_project.desk.audit.reading import Filter
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import AuditEntry
from tests.rasa_project.desk.rows import add_ticket

DAY = 86_400.0


@pytest.fixture
def written(store: Store) -> Store:
    """A log of six days, one entry a day."""
    for conversation in "cd":
        add_ticket(store, conversation)
    with store.write() as session:
        for day, (actor, action, ticket) in enumerate(
            [
                ("ana", "signed_in", None), ("anabel", "claim", 1), ("bo", "claim", 2),
                ("ana", "answer", 1), ("100%", "resolve", 1), ("=SUM(A1)", "hand_back", 2),
            ]
        ):  # fmt: skip
            entry = AuditEntry(
                at=day * DAY, agent_id=None, actor=actor, via=log.BROWSER, action=action,
                ticket_id=ticket, details={"n": day} if day else {}, address="127.0.0.1",
            )  # fmt: skip
            session.add(entry)
    return store


def days(session: Session, **wanted: Any) -> list[float]:
    """On which days the entries stand that a filter lets pass, the latest first."""
    return [entry["at"] / DAY for entry in reading.page(session, Filter(**wanted), None)["entries"]]


def test_each_filter_narrows_the_log(written: Store) -> None:
    with written.read() as session:
        assert days(session) == [5, 4, 3, 2, 1, 0]
        assert days(session, actor="ana") == [3, 1, 0]
        assert days(session, actor="100%") == [4]
        assert days(session, action="claim") == [2, 1]
        assert days(session, ticket_id=1) == [4, 3, 1]
        assert days(session, since=2 * DAY, until=4 * DAY) == [3, 2]
        assert days(session, since=2 * DAY, until=4 * DAY, actor="bo") == [2]


def test_the_log_comes_in_pages_and_names_all_actions(
    written: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 4)
    with written.read() as session:
        first = reading.page(session, Filter(), None)
        second = reading.page(session, Filter(), first["entries"][-1]["id"])
    assert ([len(page["entries"]) for page in (first, second)], first["more"], second["more"]) == (
        [4, 2], True, False,
    )  # fmt: skip
    known = ["answer", "claim", "hand_back", "resolve", "signed_in"]
    assert (first["actions"], second["actions"]) == (known, known)


def test_the_whole_log_is_written_as_csv_and_formulas_are_disarmed(
    written: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 2)
    rows = list(csv.DictReader("".join(reading.as_csv(written, Filter())).splitlines()))
    assert [row["actor"] for row in rows] == ["ana", "anabel", "bo", "ana", "100%", "'=SUM(A1)"]
    assert rows[1] == {
        "at": "1970-01-02T00:00:00.000+00:00", "actor": "anabel", "via": "browser",
        "action": "claim", "ticket": "1", "details": '{"n": 1}', "address": "127.0.0.1",
    }  # fmt: skip
