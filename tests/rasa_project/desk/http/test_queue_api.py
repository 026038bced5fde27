"""The queue of a running desk: who may do what, and what customers hear."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.rasa_project.desk.desk_process import HEADERS, DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, slot, user

pytestmark = pytest.mark.services

FILE = """
teams:
  billing: {name: {en: Billing}, when: [{slot: {topic: billing}}]}
  delivery: {}
default_team: delivery
conversations_per_agent: 1
targets: {normal: {first: 5m, next: 5m}}
"""


@pytest.fixture
async def desk(rasa: RasaLike, tmp_path: Path) -> Any:
    """A desk with teams, which tells customers their place."""
    process = DeskProcess(rasa, tmp_path)
    process.configure(FILE)
    await process.start()
    yield process
    await process.end()


async def put(person: Person, path: str, body: Any) -> tuple[int, Any]:
    url = f"{person.desk.url}/api/{path}"
    async with person.http.put(url, json=body, headers=HEADERS) as answer:
        return answer.status, await answer.json()


async def said(rasa: RasaLike, conversation: str, count: int) -> list[str]:
    for _ in range(2400):  # two minutes, on a busy machine
        texts = await rasa.bot_texts(conversation)
        if len(texts) >= count:
            break
        await asyncio.sleep(0.05)
    return texts


async def test_a_ticket_comes_with_team_timer_and_forecast_and_goes_to_a_colleague(
    desk: DeskProcess, li: Person, rasa: RasaLike
) -> None:
    ana = Person(desk)
    await ana.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    await rasa.add("c", slot("topic", "billing"), user("late!", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    for _ in range(200):
        if ticket["entered"]:
            break
        (ticket,) = await li.tickets()
    shown = {name: ticket[name] for name in ("team", "forecast", "priority", "snoozed_until")}
    timer = ticket["timer"]
    assert shown == {
        "team": "billing", "forecast": 0.62, "priority": "normal", "snoozed_until": None
    }  # fmt: skip
    assert (timer["kind"], timer["due_at"] - ticket["opened_at"]) == ("first", 300.0)
    assert await said(rasa, "c", 1) == ["You are next in line."]

    to_ana = {"id": "key-00001", "agent": 2, "note": "about the refund"}
    status, detail = await li.post("tickets/1/pass-on", to_ana)
    assert (status, detail["ticket"]["agent"], detail["events"][-1]["note"]) == (
        200, {"id": 2, "display_name": "Ana"}, "about the refund",
    )  # fmt: skip
    assert (await said(rasa, "c", 2))[1:] == [
        "Ana has joined the chat and has read what you wrote."
    ]
    await rasa.add("d", user("hello?", emotion()), *handoff())
    await li.wait_for_tickets(2)
    assert await ana.post("tickets/2/claim") == (
        409,
        {
            "error": "You have 1 conversations of at most 1. End or pass on one first.",
            "code": "limit", "limit": 1, "has": 1,
        },
    )  # fmt: skip
    back = await ana.post("tickets/1/pass-on", {"id": "key-00002"})
    assert (back[0], back[1]["ticket"]["state"]) == (200, "queued")
    assert (await rasa.tracker("c")).get_slot("handoff_state") in ("agent", "queued")
    await ana.close()


async def test_an_admin_says_who_does_which_work_and_nobody_else(
    desk: DeskProcess, li: Person
) -> None:
    ana = Person(desk)
    await ana.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    work = {"teams": ["billing"], "languages": ["zh"], "max_conversations": 4}
    assert await put(li, "people/2/work", work) == (200, work)
    assert (await put(ana, "people/2/work", {}))[0] == 403
    assert [(await put(li, "people/2/work", body))[1]["code"] for body in (
        {"teams": ["nobody"]}, {"max_conversations": 0}, {"teams": "billing"},
    )] == ["no_team", "limit_range", "body"]  # fmt: skip
    assert (await put(li, "people/99/work", work))[1]["code"] == "no_agent"
    status, duty = await ana.get("queue")
    assert (status, duty["work"], duty["limit"], [team["id"] for team in duty["teams"]]) == (
        200, work, 4, ["billing", "delivery"],
    )  # fmt: skip
    status, output = await desk.user("work", "ana", "--team", "delivery", "--language", "en")
    assert (status, output) == (
        0, "ana: teams: delivery; languages: en; conversations at a time: 1\n",
    )  # fmt: skip
    status, output = await desk.user("work", "ana", "--team", "nobody")
    assert (status, output) == (1, "attune: There is no team 'nobody'. Teams: billing, delivery.\n")
    await ana.close()


async def test_a_file_that_makes_no_sense_ends_the_start_with_a_sentence(
    desk: DeskProcess,
) -> None:
    desk.configure("teams: {a: {when: [{intnt: refund}]}}")
    status, output = await desk.run()
    assert (status, output) == (
        1,
        f"The desk's file {desk.folder / 'desk.yml'}: `teams.a.when.0.intnt`: "
        "is no name that the desk knows here.\n",
    )
