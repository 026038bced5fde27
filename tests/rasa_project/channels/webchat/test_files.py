"""Files that customers and agents send, over HTTP, in front of a really trained Rasa."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from rasa.core.agent import Agent

from tests.ports import free_ports
from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.webchat.file_options import options
from tests.rasa_project.channels.webchat.serving import (
    Server,
    StockClient,
    conversation_of,
    serve,
)

pytestmark = pytest.mark.services

DESK = {"Authorization": "Bearer a token of the desk's"}
TYPE = "application/octet-stream"


class Customer:
    """Somebody's page: its line, its token, and what it uploads."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.line = StockClient()
        self.http = aiohttp.ClientSession()
        self.opened: dict[str, Any] = {}

    async def enter(self, token: str | None = None) -> None:
        self.opened = await self.line.open(self.server.url, token)

    async def leave(self) -> None:
        await self.line.leave()
        await self.http.close()

    @property
    def token(self) -> str:
        return str(self.opened["session"])

    @property
    def conversation(self) -> str:
        return conversation_of(self.token)

    async def upload(
        self, content: Any, name: str = "a.png", client: str = "c1", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": TYPE, **headers}
        url = f"{self.server.url}/webhooks/webchat/files"
        query = {"id": client, "name": name}
        async with self.http.post(url, params=query, data=content, headers=headers) as answer:
            return answer.status, await answer.json()

    async def send(self, text: str, files: list[str], message_id: str = "m1") -> dict[str, Any]:
        data = {"message": text, "metadata": {"message_id": message_id}, "files": files}
        told: dict[str, Any] = await self.line.socket.call("user_uttered", data)
        return told

    async def fetch(self, src: str) -> aiohttp.ClientResponse:
        answer = await self.http.get(f"{self.server.url}{src}")
        await answer.read()
        return answer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(model: str, folder: Path) -> AsyncIterator[Server]:
    async with serve(Agent.load(model), options=options(folder)) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def ana(server: Server) -> AsyncIterator[Customer]:
    customer = Customer(server)
    await customer.enter()
    yield customer
    await customer.leave()


@pytest_asyncio.fixture(loop_scope="module")
async def li(server: Server) -> AsyncIterator[Customer]:
    customer = Customer(server)
    await customer.enter()
    yield customer
    await customer.leave()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_becomes_a_turn_that_says_what_it_is(ana: Customer) -> None:
    picture = samples.picture()
    status, kept = await ana.upload(picture, "mug.png")
    assert status == 200
    described = {
        "kind": "image", "id": kept["id"], "name": "mug.png", "mime_type": "image/png",
        "size": len(picture), "stored": True,
    }  # fmt: skip
    assert kept == {**described, "src": kept["src"]}
    assert (await ana.send("", [kept["id"]]))["status"] == "accepted"
    [shown, *_] = await ana.line.history()
    src = shown["files"][0].pop("src")
    assert (shown["text"], shown["files"]) == ("", [described])
    while not (events := await ana.server.user_events(ana.conversation)):
        await asyncio.sleep(0.05)
    assert events[0]["text"] == "📷"
    assert events[0]["metadata"]["attachments"] == [described]
    answer = await ana.fetch(src)
    assert (answer.status, await answer.read()) == (200, picture)
    told = {name: answer.headers[name] for name in ("Content-Type", "Content-Disposition")}
    assert told == {
        "Content-Type": "image/png",
        "Content-Disposition": "inline; filename=\"mug.png\"; filename*=UTF-8''mug.png",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_file_that_is_sent_again_counts_once(ana: Customer) -> None:
    first = await ana.upload(samples.PDF, "bill.pdf")
    again = await ana.upload(samples.PDF, "bill.pdf")
    both = await asyncio.gather(*(ana.upload(samples.PDF, client="c2") for _ in range(3)))
    assert (again, len({kept["id"] for _, kept in both})) == (first, 1)
    sent = [await ana.send("", [first[1]["id"]]) for _ in range(2)]
    assert [one["status"] for one in sent] == ["accepted", "duplicate"]
    [shown, *_] = await ana.line.history()
    assert [one["name"] for one in shown["files"]] == ["bill.pdf"]
    refused = await ana.send("", [first[1]["id"]], "m2")
    assert (refused["status"], refused["reason"]) == ("rejected", "file_gone")


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_sends_or_opens_what_is_somebody_elses(ana: Customer, li: Customer) -> None:
    _, kept = await ana.upload(samples.picture())
    for files in ([kept["id"]], ["0" * 32]):
        refused = await li.send("mine", files)
        assert (refused["status"], refused["reason"]) == ("rejected", "file_gone")
    claimed = {"kind": "image", "id": kept["id"], "stored": True, "url": "https://evil.example"}
    await li.line.ask("order", attachments=[claimed])
    [event] = await li.server.user_events(li.conversation)
    assert "attachments" not in event["metadata"]
    src = kept["src"]
    changed = [src.split("?")[0], src.replace("s=", "s=0"), src.replace(kept["id"], "0" * 32)]
    assert [(await ana.fetch(one)).status for one in changed] == [403, 403, 403]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("token", ["", "forged", "e30.e30.e30"])
async def test_without_a_session_nothing_is_taken(ana: Customer, token: str) -> None:
    status, told = await ana.upload(samples.PDF, Authorization=f"Bearer {token}")
    assert (status, told["reason"]) == (401, "session")


@pytest.mark.asyncio(loop_scope="module")
async def test_who_has_logged_out_sends_nothing_more(li: Customer) -> None:
    await li.line.socket.call("log_out", {})
    status, told = await li.upload(samples.PDF)
    assert (status, told["reason"]) == (401, "over")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("content", "name", "refused"),
    [
        (samples.HTML, "a.png", (415, "file_type")),
        (samples.SVG, "a.svg", (415, "file_type")),
        (samples.PROGRAM, "a.pdf", (415, "file_type")),
        (b"", "a.png", (422, "file_empty")),
        (b"x" * 200_001, "a.txt", (413, "file_too_large")),
        (samples.EICAR, "a.txt", (422, "file_infected")),
        (b"BROKEN", "a.txt", (503, "file_unscanned")),
    ],
    ids=["page", "svg", "program", "empty", "large", "infected", "unscanned"],
)
async def test_what_is_not_taken_is_refused_in_words_and_nothing_is_left_of_it(
    ana: Customer, folder: Path, content: bytes, name: str, refused: tuple[int, str]
) -> None:
    before = sorted(folder.rglob("files/*/*"))
    status, told = await ana.upload(content, name)
    assert (status, told["reason"]) == refused
    assert told["text"] == told["error"] != ""

    async def stream() -> AsyncIterator[bytes]:  # which does not say how long it is
        yield content

    if content:
        assert (await ana.upload(stream(), name))[0] == status
    assert sorted(folder.rglob("files/*/*")) == before


@pytest.mark.asyncio(loop_scope="module")
async def test_a_conversation_sends_so_much_a_day(li: Customer) -> None:
    half = b"a,b\n" * 49_000
    answers = [await li.upload(half, f"{n}.csv", f"c{n}") for n in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[2][1]["reason"] == "file_quota"


@pytest.mark.asyncio(loop_scope="module")
async def test_only_pages_that_may_chat_may_send_files(ana: Customer) -> None:
    url = f"{ana.server.url}/webhooks/webchat/files"
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    told: dict[str, tuple[str | None, int]] = {}
    for origin in ("https://shop.example", "https://evil.example"):
        async with ana.http.options(url, headers={**asked, "Origin": origin}) as answer:
            allowed = answer.headers.get("Access-Control-Allow-Origin")
        status, _ = await ana.upload(samples.PDF, client=origin, Origin=origin)
        told[origin] = (allowed, status)
    assert told == {
        "https://shop.example": ("https://shop.example", 200),
        "https://evil.example": (None, 403),
    }


@pytest.mark.asyncio(loop_scope="module")
async def test_what_no_picture_is_can_only_be_saved(ana: Customer) -> None:
    _, kept = await ana.upload(b"<script>,alert\n", 'a"b ü.csv')
    answer = await ana.fetch(kept["src"])
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"a_b _.csv\"; filename*=UTF-8''a%22b%20%C3%BC.csv"
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_the_desk_gets_and_brings_files_with_its_token_alone(ana: Customer) -> None:
    _, mine = await ana.upload(samples.picture())
    url = f"{ana.server.url}/webhooks/webchat/desk/files"
    query = {"conversation": ana.conversation, "id": "d1", "name": "bill.pdf"}
    told: list[Any] = []
    for headers in ({}, {"Authorization": "Bearer other"}, DESK):
        async with ana.http.get(f"{url}/{mine['id']}", params=query, headers=headers) as answer:
            told.append(answer.status)
        async with ana.http.post(url, params=query, data=samples.PDF, headers=headers) as answer:
            told.append(answer.status)
            brought = await answer.json() if answer.status == 200 else None
    assert told == [401, 401, 401, 401, 200, 200]
    assert brought is not None
    other = {"conversation": "somebody else's"}
    async with ana.http.get(f"{url}/{mine['id']}", params=other, headers=DESK) as answer:
        assert answer.status == 404
    said = {
        "event": "bot", "text": "Here it is.",
        "metadata": {
            "sender": "agent", "agent": "Li", "message_id": "a1", "attachments": [brought],
        },
    }  # fmt: skip
    await ana.line.ask("order")
    assert await ana.server.append(ana.conversation, [said]) == 200
    text, paper = (await ana.line.heard(3))[1:]
    assert (text["text"], text["agent"]) == ("Here it is.", "Li")
    payload = paper["attachment"]["payload"]
    assert (payload["title"], paper["id"]) == ("bill.pdf", "a1.1")
    assert await (await ana.fetch(payload["src"])).read() == samples.PDF


@pytest.mark.asyncio(loop_scope="module")
async def test_a_line_that_breaks_midway_leaves_nothing(ana: Customer, folder: Path) -> None:
    before = sorted(folder.rglob("files/*/*"))
    _, writer = await asyncio.open_connection("127.0.0.1", ana.server.port)
    head = (
        f"POST /webhooks/webchat/files?id=x&name=a.txt HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {ana.token}\r\nContent-Length: 100000\r\n\r\n"
    )
    writer.write(head.encode() + b"x" * 50_000)
    await writer.drain()
    while sorted(folder.rglob("files/*/*")) == before:
        await asyncio.sleep(0.02)
    writer.close()
    while sorted(folder.rglob("files/*/*")) != before:
        await asyncio.sleep(0.02)
    status, kept = await ana.upload(b"x" * 100_000, "a.txt", "x")
    assert (status, kept["size"]) == (200, 100_000)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_killed_server_leaves_no_half_file_and_what_it_left_is_swept(
    model: str, tmp_path: Path
) -> None:
    port = free_ports(1)[0]
    words = ["-m", "tests.rasa_project.channels.webchat.file_server", model, str(tmp_path)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    while b"SERVES" not in await process.stdout.readline():
        pass
    ana = Customer(Server(f"http://127.0.0.1:{port}", port, None, None))  # type: ignore[arg-type]
    await ana.enter()
    _, kept = await ana.upload(samples.PDF, "whole.pdf", "whole")
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /webhooks/webchat/files?id=half&name=a.txt HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {ana.token}\r\nContent-Length: 100000\r\n\r\n"
    )
    writer.write(head.encode() + b"x" * 50_000)
    scanned = asyncio.create_task(ana.upload(b"SLOWLY", "a.txt", "scanned"))
    while len(left := sorted(tmp_path.rglob("files/incoming/*"))) < 2:
        await asyncio.sleep(0.02)
    process.kill()
    await process.wait()
    writer.close()
    await asyncio.gather(scanned, return_exceptions=True)
    await ana.line.leave()
    for path in left:
        os.utime(path, (0, 0))
    orphan = tmp_path / "files" / "aa" / "aa11"  # killed between its place and its row
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"an orphan")
    os.utime(orphan, (0, 0))

    async with serve(Agent.load(model), options=options(tmp_path)) as server:
        ana.server, ana.line = server, StockClient()
        await ana.enter(ana.token)
        files = tmp_path / "files"
        while len([path for path in files.rglob("*") if path.is_file()]) > 1:
            await asyncio.sleep(0.05)
        assert (await ana.upload(samples.PDF, "whole.pdf", "whole"))[1]["id"] == kept["id"]
        assert await (await ana.fetch(kept["src"])).read() == samples.PDF
        status, again = await ana.upload(b"x" * 100_000, "a.txt", "half")
        assert (status, again["size"]) == (200, 100_000)
        await ana.leave()
