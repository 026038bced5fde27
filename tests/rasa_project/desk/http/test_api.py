"""The API of a running desk."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import socketio

from tests.rasa_project.desk.desk_process import HEADERS, DeskProcess, Person
from tests.rasa_project.desk.rasa_like import STREAK, RasaLike, emotion, handoff, user

pytestmark = pytest.mark.services

CLAIMED = "Li has joined the chat and has read what you wrote."


@pytest.fixture
async def ana(desk: DeskProcess) -> AsyncIterator[Person]:
    """A second agent."""
    person = Person(desk)
    await person.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    yield person
    await person.close()


@pytest.fixture
async def stranger(desk: DeskProcess) -> AsyncIterator[Person]:
    """Somebody who is not signed in."""
    person = Person(desk)
    yield person
    await person.close()


async def wait_for_texts(rasa: RasaLike, conversation: str, texts: list[str]) -> None:
    for _ in range(400):
        said = await rasa.bot_texts(conversation)
        if len(said) >= len(texts):
            break
        await asyncio.sleep(0.05)
    assert said == texts


async def test_the_first_sign_in_demands_a_password_of_ones_own(
    desk: DeskProcess, stranger: Person
) -> None:
    one_time = desk.one_time_password()
    wrong = await stranger.post("sign-in", {"name": "agent", "password": "wrong"})
    right = await stranger.post("sign-in", {"name": "agent", "password": one_time})
    early = await stranger.get("tickets")
    short = await stranger.post("password", {"password": "short", "display_name": "Li"})
    chosen = await stranger.post("password", {"password": "a long password", "display_name": "Li"})
    me = {
        "id": 1, "name": "agent", "display_name": "Li", "role": "admin",
        "must_change_password": False, "has_password": True,
    }  # fmt: skip
    assert [wrong[0], right[0], right[1]["agent"]["must_change_password"], early, short[0]] == [
        401, 200, True,
        (403, {"error": "Choose your own password first.", "code": "choose_password"}), 400,
    ]  # fmt: skip
    assert [chosen, await stranger.get("me")] == [(200, {"agent": me})] * 2
    assert await stranger.post("sign-out") == (200, {})
    assert (await stranger.get("me"))[0] == 401
    again = await stranger.post("sign-in", {"name": "agent", "password": one_time})
    assert again[1] == {"error": "The name or the password is wrong.", "code": "wrong_password"}


async def test_the_cookie_is_the_browsers_alone_and_rotates(desk: DeskProcess, li: Person) -> None:
    body = {"name": "agent", "password": "a password of Li's"}
    cookies = []
    for _ in range(2):
        url = f"{desk.url}/api/sign-in"
        async with li.http.post(url, json=body, headers=HEADERS) as answer:
            cookies += answer.headers.getall("Set-Cookie")
    known = [cookie for cookie in cookies if cookie.startswith("attune_desk_browser=")]
    assert known == []  # it has been known since the first sign-in
    pattern = r"attune_desk=([\w-]{43}); Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"
    tokens = [re.fullmatch(pattern, cookie) for cookie in cookies]
    assert all(tokens), cookies
    assert cookies[0] != cookies[1]


async def test_nothing_is_told_to_strangers(stranger: Person) -> None:
    paths = ["me", "tickets", "tickets/1"]
    posts = ["tickets/1/claim", "tickets/1/messages", "tickets/1/hand-back", "tickets/1/resolve"]
    answers = [await stranger.get(path) for path in paths]
    answers += [await stranger.post(path) for path in [*posts, "sign-out", "password"]]
    assert answers == [(401, {"error": "Sign in first.", "code": "signed_out"})] * 9


async def test_a_made_up_or_ended_session_opens_nothing(desk: DeskProcess, li: Person) -> None:
    token = li.token
    for cookie in ("attune_desk=" + "A" * 43, "attune_desk=", f"attune_desk={token}x"):
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{desk.url}/api/me", headers={"Cookie": cookie}) as answer,
        ):
            assert answer.status == 401
    await li.post("sign-out")
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{desk.url}/api/me", headers={"Cookie": f"attune_desk={token}"}) as answer,
    ):
        assert answer.status == 401


async def test_forged_requests_are_refused(desk: DeskProcess, li: Person) -> None:
    host = f"127.0.0.1:{desk.port}"
    tried: list[dict[str, str]] = [
        {},
        {**HEADERS, "Origin": "https://evil.example"},
        {**HEADERS, "Origin": "null"},
        {"Origin": f"http://{host}"},
    ]
    answers = [(await li.post("sign-out", headers=headers))[1]["code"] for headers in tried]
    assert answers == ["forged"] * 4
    assert (await li.get("me"))[0] == 200
    assert (await li.post("sign-out", headers={**HEADERS, "Origin": f"http://{host}"}))[0] == 200


async def test_a_name_is_locked_after_five_failures(stranger: Person) -> None:
    body = {"name": "agent", "password": "wrong"}
    answers = [await stranger.post("sign-in", body) for _ in range(6)]
    assert [status for status, _ in answers] == [401] * 5 + [429]
    assert answers[-1][1] == {
        "error": "Too many failed attempts. Try again in 15 min.",
        "code": "locked",
        "minutes": 15,
    }


async def test_one_of_two_agents_gets_the_conversation(
    rasa: RasaLike, li: Person, ana: Person
) -> None:
    await rasa.add("c", user("help", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    path = f"tickets/{ticket['id']}/claim"
    answers = await asyncio.gather(li.post(path), ana.post(path), li.post(path), ana.post(path))
    statuses = [status for status, _ in answers]
    assert sorted(statuses) == [200, 200, 409, 409]
    loser = next(body for status, body in answers if status == 409)
    winner = next(body for status, body in answers if status == 200)["ticket"]["agent"]
    name = winner["display_name"]
    assert loser == {
        "error": f"{name} has already taken this conversation.",
        "code": "claimed",
        "agent": name,
    }
    await wait_for_texts(rasa, "c", [CLAIMED.replace("Li", name)])


async def test_the_whole_way_of_a_conversation(rasa: RasaLike, li: Person) -> None:
    await rasa.add("c", user("this is a joke!!!", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    assert (ticket["reasons"], ticket["emotion"]["name"]) == ([STREAK], "anger")
    path = f"tickets/{ticket['id']}"
    await li.post(f"{path}/claim")
    for _ in range(2):
        status, detail = await li.post(f"{path}/messages", {"id": "message-1", "text": "Hello!"})
        assert status == 200
    assert [message["text"] for message in detail["messages"]].count("Hello!") == 1
    assert (await li.post(f"{path}/hand-back", {"note": "All paid."}))[0] == 200
    greeting = "I'm the automated assistant again: what else can I do for you?"
    left = f"Li has left the chat and notes: All paid.\n\n{greeting}"
    await wait_for_texts(rasa, "c", [CLAIMED, "Hello!", left])
    tracker = await rasa.tracker("c")
    slots = [tracker.get_slot(name) for name in ("handoff_state", "escalation_reason")]
    assert slots == ["bot", None]
    assert await li.tickets() == []
    _, closed = await li.get("tickets?view=closed")
    assert [(found["id"], found["state"]) for found in closed["tickets"]] == [(ticket["id"], "bot")]
    await rasa.add("c", user("me again"), *handoff())
    (again,) = await li.wait_for_tickets(1)
    assert again["id"] != ticket["id"]


async def test_strangers_hear_nothing_live(desk: DeskProcess, stranger: Person) -> None:
    url = f"{desk.url}/socket.io/?EIO=4&transport=polling"
    async with stranger.http.get(url) as opened:
        session = json.loads((await opened.text())[1:])["sid"]
    async with stranger.http.post(f"{url}&sid={session}", data="40"):
        pass
    async with stranger.http.get(f"{url}&sid={session}") as answer:
        assert await answer.text() == '44{"message":"Sign in first."}'
    async with stranger.http.get(url, headers={"Origin": "https://evil.example"}) as foreign:
        assert foreign.status == 400


async def test_pages_are_told_live_until_they_sign_out(
    desk: DeskProcess, rasa: RasaLike, li: Person
) -> None:
    # Its WebSockets want a newer aiohttp than Rasa's; the page's own test uses those.
    page, told = socketio.AsyncClient(reconnection=False), asyncio.Queue[tuple[str, Any]]()
    for event in ("tickets", "messages"):
        page.on(event, lambda data, event=event: told.put_nowait((event, data)))
    headers = {"Cookie": f"attune_desk={li.token}"}
    await page.connect(desk.url, transports=["polling"], headers=headers)
    await rasa.add("elsewhere", user("only the bot's business"))
    await rasa.add("c", user("help", emotion()), *handoff())
    (first, messages), (second, tickets) = [await asyncio.wait_for(told.get(), 20) for _ in "12"]
    assert (first, second) == ("messages", "tickets")
    assert [message["text"] for message in messages] == ["help"]
    assert [ticket["state"] for ticket in tickets] == ["queued"]
    closed = asyncio.Event()
    page.on("disconnect", lambda *_: closed.set())
    await li.post("sign-out")
    await asyncio.wait_for(closed.wait(), 20)


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("sign-in", b"{broken", 400),
        ("sign-in", b"[]", 400),
        ("sign-in", b'{"name": 1, "password": "x"}', 400),
        ("sign-in", b'{"name": "\\ud800", "password": "\\ud800"}', 401),
        ("sign-in", b'"' + b"x" * 100_000 + b'"', 413),
        ("nothing", b"{}", 404),
        ("tickets/abc/claim", b"{}", 404),
        ("tickets/99999999999999999999/claim", b"{}", 401),
        ("tickets", b"{}", 405),
    ],
    ids=[
        *("broken", "a-list", "a-number", "a-lone-surrogate", "too-large", "nowhere"),
        *("no-number", "a-huge-number", "another-method"),
    ],
)
async def test_bad_requests_get_a_sentence(
    desk: DeskProcess, stranger: Person, path: str, data: bytes, status: int
) -> None:
    url = f"{desk.url}/api/{path}"
    async with stranger.http.post(url, data=data, headers=HEADERS) as answer:
        body = await answer.json()
    assert (answer.status, sorted(body.keys() - {"field"})) == (status, ["code", "error"])
    assert body["error"].endswith(".") and "Traceback" not in body["error"]


@pytest.mark.parametrize("number", [-(2**31), 2**31])
async def test_numbers_beyond_the_database_are_refused(li: Person, number: int) -> None:
    status, body = await li.post(f"tickets/{number}/claim")
    assert (status, body["code"]) == (404, "http_404")
    merge = {"id": "merge-1", "ticket": number}
    status, body = await li.post("tickets/1/merge", merge)
    assert (status, body["error"]) == (400, "`ticket` of the request: is too large a number.")


@pytest.mark.parametrize("path", ["", "assets/index.js", "assets/index.css"])
async def test_the_page_is_sent_compressed_and_what_the_api_answers_is_not(
    desk: DeskProcess, li: Person, path: str
) -> None:
    asked = {"Accept-Encoding": "gzip, br"}
    async with aiohttp.ClientSession(headers=asked, auto_decompress=False) as http:
        async with http.get(f"{desk.url}/{path}") as answer:
            headers, packed = answer.headers, await answer.read()
        async with http.get(f"{desk.url}/{path}", headers={"Accept-Encoding": "br"}) as answer:
            plain = await answer.read()
        held = {"If-None-Match": headers["ETag"]}
        async with http.get(f"{desk.url}/{path}", headers=held) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
    assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert (gzip.decompress(packed), len(packed) < len(plain)) == (plain, True)
    async with li.http.get(f"{desk.url}/api/tickets", headers=asked) as answer:
        assert (answer.status, "Content-Encoding" in answer.headers) == (200, False)


async def test_the_page_is_served_with_a_strict_policy(desk: DeskProcess) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(desk.url) as answer:
            page, headers = await answer.text(), answer.headers
        async with http.get(desk.url, headers={"If-None-Match": headers["ETag"]}) as unchanged:
            assert unchanged.status == 304
        async with http.get(f"{desk.url}/assets/index.js") as script:
            kind = script.headers["Content-Type"]
    assert '<div id="desk">' in page
    assert kind == "text/javascript; charset=utf-8"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
