"""Files that customers send reach the desk, whole, once they can be had."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.messaging.fake_service import FakeService
from tests.rasa_project.channels.messaging.media import desk
from tests.rasa_project.channels.messaging.providers.fake_line import FakeLine
from tests.rasa_project.channels.messaging.providers.fake_messenger import FakeMessenger
from tests.rasa_project.channels.messaging.providers.fake_slack import FakeSlack
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.serving import Server, serve

CUSTOMER = "4711"
CONVERSATION = f"telegram:{CUSTOMER}"
PICTURE = samples.picture()


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_RASA_TOKEN", desk.TOKEN)


@pytest.mark.channel_feature("files")
async def test_a_picture_reaches_the_desk_as_it_was_sent(
    service: FakeService, served: Server
) -> None:
    service.file_faults = ["down"]
    await service.happens(service.pictured(CUSTOMER, PICTURE))
    conversation = service.conversation(CUSTOMER)
    (file,) = await desk.attachments(served, conversation)
    assert (file["kind"], file["stored"], file["channel"]) == ("image", True, service.name)
    assert await desk.ended() == [("done", None)]
    given = await desk.ask(served, service.name, file["id"], conversation)
    assert (given.status, given.body) == (200, PICTURE)
    assert given.headers["Content-Type"] == "image/png"
    assert given.headers["Content-Disposition"].startswith("inline; filename=")
    assert "sandbox" in given.headers["Content-Security-Policy"]


async def test_a_turn_does_not_wait_for_its_files(telegram: FakeTelegram, agent: Agent) -> None:
    telegram.file_faults = ["hang"]
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        await telegram.says(CUSTOMER, "order")
        assert await server.heard(CONVERSATION, 2) == ["📷", "order"]


@pytest.mark.usefixtures("short_waits")
async def test_a_file_comes_whole_after_an_outage(telegram: FakeTelegram, agent: Agent) -> None:
    telegram.file_faults = ["down", "cut", "down", "cut"]
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, CONVERSATION)
        assert await desk.ended() == [("done", None)]
        given = await desk.ask(server, "telegram", file["id"], CONVERSATION)
    assert (given.body, telegram.downloads) == (PICTURE, 5)


async def test_the_desk_is_told_while_a_file_cannot_be_had(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.file_faults = ["down"] * 100
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, CONVERSATION)
        given = await desk.ask(server, "telegram", file["id"], CONVERSATION)
    assert given.status == 503
    assert given.words == (
        "This file is not here yet: Telegram answered 503 in place of a file. "
        "It is fetched as soon as that works."
    )


async def test_a_file_that_is_sent_again_is_fetched_once(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.times = 3
    async with serve(agent, [telegram]):
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        assert await desk.ended() == [("done", None)]
    assert telegram.downloads == 1


async def test_a_restart_fetches_what_was_still_to_be_had(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.file_faults = ["hang"]
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, CONVERSATION)
        while not telegram.downloads:  # it has begun
            await asyncio.sleep(0.01)
    async with serve(agent, [telegram]) as server:
        assert await desk.ended() == [("done", None)]
        given = await desk.ask(server, "telegram", file["id"], CONVERSATION)
    assert (given.status, given.body) == (200, PICTURE)


async def test_the_desk_alone_gets_a_file_and_only_with_its_conversation(
    telegram: FakeTelegram, agent: Agent
) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, CONVERSATION)
        await desk.ended()
        tries = [
            (file["id"], CONVERSATION, "wrong-token"), (file["id"], CONVERSATION, ""),
            (file["id"], "telegram:4712", desk.TOKEN), ("0" * 40, CONVERSATION, desk.TOKEN),
        ]  # fmt: skip
        given = [await desk.ask(server, "telegram", *one) for one in tries]
    assert [one.status for one in given] == [401, 401, 404, 404]


async def test_without_a_token_nobody_gets_a_file(
    telegram: FakeTelegram, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATTUNE_RASA_TOKEN")
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, CONVERSATION)
        given = await desk.ask(server, "telegram", file["id"], CONVERSATION, token="")
    assert given.status == 401


INFECTED = [sys.executable, "-c", "import sys; sys.exit(1)"]


@pytest.mark.parametrize(
    ("content", "files", "words"),
    [
        (samples.SVG, {}, "files of this kind are not taken."),
        (samples.PROGRAM, {}, "files of this kind are not taken."),
        (PICTURE, {"max_megabytes": 0.0001}, "it is larger than 0.0001 MB."),
        (PICTURE, {"types": ["pdf"]}, "files of this kind are not taken."),
        (PICTURE, {"scan": {"command": INFECTED}}, "something harmful was found in it."),
        (b"", {}, "it is empty."),
    ],
)
async def test_what_is_not_taken_is_not_kept_and_the_desk_is_told_why(
    telegram: FakeTelegram, agent: Agent, tmp_path: Path,
    content: bytes, files: dict[str, Any], words: str,
) -> None:  # fmt: skip
    telegram.more = {"files": {**files, "folder": str(tmp_path / "files")}}
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, content))
        (file,) = await desk.attachments(server, CONVERSATION)
        assert [state for state, _ in await desk.ended()] == ["dead"]
        given = await desk.ask(server, "telegram", file["id"], CONVERSATION)
    assert (given.status, given.words) == (404, f"This file was not kept: {words}")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_a_customer_sends_so_much_a_day_and_no_more(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.more = {"files": {"day_megabytes": len(PICTURE) / 1_000_000}}
    async with serve(agent, [telegram]) as server:
        for count in (1, 2):
            await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
            await desk.attachments(server, CONVERSATION, count)
            await desk.ended()
        await telegram.happens(telegram.pictured("4712", PICTURE))
        await desk.attachments(server, "telegram:4712")
        assert await desk.ended() == [("done", None), ("dead", "file_quota"), ("done", None)]


async def test_where_no_files_are_taken_nothing_is_fetched(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.more = {"files": False}
    async with serve(agent, [telegram]) as server:
        await telegram.happens(telegram.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, CONVERSATION)
    assert "stored" not in file and telegram.downloads == 0


async def test_an_address_that_is_not_the_services_own_is_never_asked(
    messenger: FakeMessenger, telegram: FakeTelegram, agent: Agent
) -> None:
    name = telegram.keep(PICTURE)  # somebody else on this machine
    urls = [
        f"{telegram.url}/file/botx/photos/{name}", "http://169.254.169.254/latest/meta-data/",
        "https://evil.example/a.png", "file:///etc/passwd", "no address",
        "https://scontent.fbcdn.net.evil.example/a.png", "http://scontent.fbcdn.net/a.png",
    ]  # fmt: skip
    async with serve(agent, [messenger]) as server:
        for url in urls:
            await messenger.happens(messenger.linked(CUSTOMER, url))
        await desk.attachments(server, f"facebook:{CUSTOMER}", len(urls))
        found = await desk.ended()
    assert [state for state, _ in found] == ["dead"] * len(urls)
    assert telegram.downloads == 0


@pytest.mark.usefixtures("short_waits")
async def test_line_is_asked_again_while_it_prepares_a_file(line: FakeLine, agent: Agent) -> None:
    line.preparing = 1
    async with serve(agent, [line]):
        await line.happens(line.pictured(CUSTOMER, PICTURE))
        assert await desk.ended() == [("done", None)]


async def test_slack_without_the_scope_for_files_says_so_and_goes_on_trying(
    slack: FakeSlack, agent: Agent
) -> None:
    slack.unscoped = True
    async with serve(agent, [slack]) as server:
        await slack.happens(slack.pictured(CUSTOMER, PICTURE))
        (file,) = await desk.attachments(server, f"slack:{CUSTOMER}")
        given = await desk.ask(server, "slack", file["id"], f"slack:{CUSTOMER}")
        assert given.status == 503 and "lacks the scope files:read" in given.words
        slack.unscoped = False
        assert await desk.ended() == [("done", None)]
