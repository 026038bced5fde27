"""People, sessions, tokens and the audit log of a running desk."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import socketio

from tests.rasa_project.desk.desk_process import HEADERS, DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = pytest.mark.services

ANAS = "a password of Ana's"


@pytest.fixture
async def ana(desk: DeskProcess, li: Person) -> AsyncIterator[Person]:
    """An agent whom Li, the admin, has let in."""
    person = Person(desk)
    _, added = await li.post("people", {"name": "ana"})
    await person.enter("ana", added["one_time_password"], "Ana", ANAS)
    yield person
    await person.close()


async def with_token(
    desk: DeskProcess, token: str, path: str, method: str = "GET", body: Any = None
) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{desk.url}/api/{path}"
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, url, headers=headers, json=body) as answer,
    ):
        return answer.status, await answer.json(), answer.headers


async def log_of(li: Person, query: str = "") -> list[tuple[str, str, str, int | None]]:
    """The log, the oldest first: who, how, what, and to which conversation."""
    _, body = await li.get(f"audit{query}")
    return [
        (entry["actor"], entry["via"], entry["action"], entry["ticket"])
        for entry in reversed(body["entries"])
    ]


async def test_a_disabled_agent_is_out_at_once_and_the_customer_is_not_forgotten(
    desk: DeskProcess, rasa: RasaLike, li: Person, ana: Person
) -> None:
    await rasa.add("c", user("help", emotion()), *handoff())
    (ticket,) = await ana.wait_for_tickets(1)
    await ana.post(f"tickets/{ticket['id']}/claim")
    page, closed = socketio.AsyncClient(reconnection=False), asyncio.Event()
    page.on("disconnect", lambda *_: closed.set())
    headers = {"Cookie": f"attune_desk={ana.token}"}
    await page.connect(desk.url, transports=["polling"], headers=headers)
    # From the command line, another process: the running desk notices all the same.
    status, output = await desk.user("disable", "ana")
    assert (status, output) == (
        0,
        "ana can no longer sign in. 1 of their conversations went back to the queue.\n",
    )
    assert (await ana.get("tickets"))[0] == 401
    await asyncio.wait_for(closed.wait(), 20)
    again = await ana.post("sign-in", {"name": "ana", "password": ANAS})
    assert (again[0], again[1]["code"]) == (401, "wrong_password")
    _, detail = await li.get(f"tickets/{ticket['id']}")
    assert (detail["ticket"]["state"], detail["transitions"][-1]["why"]) == (
        "queued",
        "ana can no longer sign in",
    )
    assert (await li.post(f"tickets/{ticket['id']}/claim"))[0] == 200


async def test_only_admins_manage_people(li: Person, ana: Person) -> None:
    answers = [
        await ana.get("people"),
        await ana.get("audit"),
        await ana.get("audit.csv"),
        await ana.post("people", {"name": "eve"}),
        await ana.post("people/agent/disable"),
        await ana.post("people/ana/role", {"role": "admin"}),
        await ana.post("people/agent/password"),
    ]
    assert [(status, body["code"]) for status, body in answers] == [(403, "role")] * 7
    assert (await li.post("people/ana/role", {"role": "admin"}))[0] == 200
    assert (await ana.get("people"))[0] == 200
    status, body = await ana.post("people/ana/role", {"role": "king"})
    assert (status, body["code"]) == (400, "unknown_role")


async def test_the_last_admin_stays(li: Person, ana: Person) -> None:
    answers = [
        await li.post("people/agent/disable"),
        await li.post("people/agent/role", {"role": "supervisor"}),
    ]
    assert [(status, body["code"]) for status, body in answers] == [(409, "last_admin")] * 2


async def test_one_signs_out_elsewhere_and_everywhere(
    desk: DeskProcess, li: Person, ana: Person
) -> None:
    elsewhere = Person(desk)
    await elsewhere.post("sign-in", {"name": "ana", "password": ANAS})
    _, body = await ana.get("sessions")
    (other,) = [entry["id"] for entry in body["sessions"] if not entry["current"]]
    status, body = await ana.post(f"sessions/{other}/end")
    assert (status, [entry["current"] for entry in body["sessions"]]) == (200, [True])
    assert [(await person.get("me"))[0] for person in (ana, elsewhere)] == [200, 401]
    await elsewhere.post("sign-in", {"name": "ana", "password": ANAS})
    assert await elsewhere.post("sign-out-everywhere") == (200, {})
    assert [(await person.get("me"))[0] for person in (ana, elsewhere, li)] == [401, 401, 200]
    await elsewhere.close()


async def test_ones_own_password_and_name_can_be_changed(
    desk: DeskProcess, li: Person, ana: Person
) -> None:
    elsewhere = Person(desk)
    await elsewhere.post("sign-in", {"name": "ana", "password": ANAS})
    wrong = {"current": "wrong", "password": "another password"}
    assert (await ana.post("password/change", wrong))[1]["code"] == "current_password"
    right = {"current": ANAS, "password": "another password"}
    assert (await ana.post("password/change", right))[0] == 200
    assert [(await person.get("me"))[0] for person in (ana, elsewhere)] == [200, 401]
    _, body = await ana.post("me/name", {"display_name": "Ana Maria"})
    assert body["agent"]["display_name"] == "Ana Maria"
    await elsewhere.close()


async def test_a_program_works_with_a_token_alone_and_no_further_than_its_role(
    desk: DeskProcess, rasa: RasaLike, li: Person
) -> None:
    _, made = await li.post("tokens", {"name": "report", "role": "agent", "service": "crm"})
    token = made["token"]
    await rasa.add("c", user("help", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    claim = f"tickets/{ticket['id']}/claim"
    assert (await with_token(desk, token, claim, "POST", {}))[1]["ticket"]["agent"] == {
        "id": 2,
        "display_name": "crm",
    }
    refused = [
        await with_token(desk, token, "people"),
        await with_token(desk, token, "tokens"),
        await with_token(desk, token, "password/change", "POST", {}),
        await with_token(desk, token + "x", "tickets"),
    ]
    assert [(status, body["code"]) for status, body, _ in refused] == [
        (403, "role"),
        (403, "session_only"),
        (403, "session_only"),
        (401, "token"),
    ]
    _, body = await li.post(f"tokens/{made['tokens'][0]['id']}/revoke")
    assert body == {"tokens": []}
    assert (await with_token(desk, token, "tickets"))[0] == 401
    assert await log_of(li, "?actor=crm") == [("crm", "token report", "claim", ticket["id"])]


async def test_nobody_makes_a_token_beyond_their_own_role(li: Person, ana: Person) -> None:
    answers = [
        await ana.post("tokens", {"name": "mine", "role": "admin"}),
        await ana.post("tokens", {"name": "mine", "service": "crm"}),
        await ana.post("tokens", {"name": "", "role": "agent"}),
        await ana.post("tokens", {"name": "mine", "days": 0}),
    ]
    codes = [(status, body["code"]) for status, body in answers]
    assert codes == [(403, "role"), (403, "role"), (400, "token_name"), (400, "token_days")]
    _, made = await ana.post("tokens", {"name": "mine"})
    assert (await li.post(f"tokens/{made['tokens'][0]['id']}/revoke"))[0] == 200


async def test_a_token_that_calls_too_often_is_told_when_to_come_again(rasa: RasaLike) -> None:
    desk = DeskProcess(rasa, rasa.file.parent)
    desk.environment["ATTUNE_DESK_CALLS_PER_MINUTE"] = "3"
    await desk.start()
    li = Person(desk)
    await li.enter("agent", desk.one_time_password(), "Li", "a password of Li's")
    _, made = await li.post("tokens", {"name": "eager"})
    answers = [await with_token(desk, made["token"], "me") for _ in range(5)]
    assert [status for status, _, _ in answers][:3] == [200] * 3
    status, body, headers = answers[-1]
    assert (status, body["code"]) == (429, "rate")
    assert 1 <= int(headers["Retry-After"]) <= 20
    assert (await li.get("me"))[0] == 200
    await li.close()
    await desk.end()


async def test_the_log_says_who_saw_and_did_what(
    desk: DeskProcess, rasa: RasaLike, li: Person, ana: Person
) -> None:
    await rasa.add("c", user("help", emotion()), *handoff())
    (ticket,) = await ana.wait_for_tickets(1)
    number, path = ticket["id"], f"tickets/{ticket['id']}"
    for _ in range(2):
        await ana.get(path)
    await ana.post(f"{path}/claim")
    await ana.post(f"{path}/claim")  # changes nothing
    await ana.post(f"{path}/messages", {"id": "message-1", "text": "Hello!"})
    await ana.get("tickets/99")
    await ana.post("tickets/99/claim")
    await ana.post(f"{path}/resolve", {"note": ""})
    assert await log_of(li, "?actor=ana") == [
        ("ana", "browser", "sign_in", None),
        ("ana", "browser", "password_chosen", None),
        *(("ana", "browser", action, number) for action in ("opened", "claim", "answer")),
        ("ana", "browser", "resolve", number),
    ]
    assert await log_of(li, f"?ticket={number}&action=answer") == [
        ("ana", "browser", "answer", number)
    ]
    async with li.http.get(f"{desk.url}/api/audit.csv?actor=ana") as answer:
        text, kind = await answer.text(), answer.headers["Content-Type"]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (kind, [row["action"] for row in rows][:3]) == (
        "text/csv; charset=utf-8",
        ["sign_in", "password_chosen", "opened"],
    )
    assert (await log_of(li))[-1] == ("agent", "browser", "audit_exported", None)


async def test_a_foreign_page_gains_nothing_by_pretending_to_be_a_program(
    desk: DeskProcess, li: Person
) -> None:
    headers = {"Authorization": "Bearer made-up", "Origin": "https://evil.example"}
    status, body = await li.post("sign-out", headers=headers)
    assert (status, body["code"], (await li.get("me"))[0]) == (401, "token", 200)
    assert (await li.post("sign-out", headers={**HEADERS, **headers}))[0] == 401
