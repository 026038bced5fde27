"""The supervisors' routes of a running desk."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import update

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = pytest.mark.services

EVER = "first=2020-01-01&last=2029-12-31&by=week&zone=Asia/Shanghai"


async def text(person: Person, path: str) -> tuple[int, str]:
    async with person.http.get(f"{person.desk.url}/api/{path}") as answer:
        return answer.status, (await answer.read()).decode("utf-8-sig")


async def test_supervisors_see_figures_and_take_them_away_as_csv(
    desk: DeskProcess, rasa: RasaLike, li: Person
) -> None:
    await rasa.add("c", user("this is a joke", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    await li.post(f"tickets/{ticket['id']}/claim")
    await li.post(f"tickets/{ticket['id']}/messages", {"id": "message-1", "text": "Hello!"})
    await li.post(f"tickets/{ticket['id']}/resolve", {"note": ""})
    status, body = await li.get(f"dashboard?{EVER}")
    assert (status, sorted(body)) == (200, ["before", "choices", "tables", "total"])
    total = {name: body["total"][name] for name in ("tickets", "closed", "answered")}
    assert total == {"tickets": 1, "closed": 1, "answered": 1}
    assert body["before"]["tickets"] == 0
    assert body["tables"]["reasons"] == [{"key": "streak", "tickets": 1}]
    assert [row["key"] for row in body["tables"]["channel"]] == ["webchat"]
    assert sum(row["tickets"] for row in body["tables"]["over_time"]) == 1
    status, table = await text(li, f"dashboard/tables/emotions.csv?{EVER}")
    assert (status, table.split()) == (200, ["key,arrival,end", "anger,1,1"])
    status, table = await text(li, f"dashboard/tickets.csv?{EVER}")
    (row,) = csv.DictReader(io.StringIO(table))
    assert (status, row["ticket"], row["state"]) == (200, str(ticket["id"]), "resolved")
    assert row["opened"].endswith("+08:00")
    assert not any("agent" in name for name in row)


async def test_the_figures_are_for_supervisors_alone(desk: DeskProcess, li: Person) -> None:
    with Store(desk.environment["ATTUNE_DESK_DB"]).write() as session:
        session.execute(update(Agent).values(role="agent"))
    paths = ["dashboard", "dashboard/tickets.csv", "dashboard/tables/channel.csv"]
    answers = [await li.get(f"{path}?{EVER}") for path in paths]
    assert [(status, body["code"]) for status, body in answers] == [(403, "role")] * 3


async def test_what_cannot_be_counted_is_said(li: Person) -> None:
    day = "first=2026-01-01&last=2026-01-02"
    expected = {
        "dashboard": (400, "query"),
        "dashboard?first=2026-01-01&last=nonsense": (400, "date"),
        f"dashboard?{day}&by=year": (400, "query"),
        f"dashboard?{day}&zone=%00": (400, "zone"),
        "dashboard/tickets.csv?first=2026-01-03&last=2026-01-02": (400, "period"),
        f"dashboard/tables/agents.csv?{day}": (404, "no_table"),
    }
    answers = {path: await li.get(path) for path in expected}
    assert {path: (status, body["code"]) for path, (status, body) in answers.items()} == expected
    assert all(body["error"].endswith(".") for _, body in answers.values())
