"""Conversations that customers have mailed to them, by a mail server that takes them over TLS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.webchat import mail_settings
from rasa_project.channels.webchat.store import mails
from tests.rasa_project.channels.webchat.post import Post
from tests.rasa_project.channels.webchat.serving import Server, StockClient, serve

pytestmark = pytest.mark.services


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    post = Post(tmp_path)
    await asyncio.to_thread(post.controller.start)
    yield post
    await asyncio.to_thread(post.controller.stop)


@pytest.fixture
async def mailing(agent: Agent, post: Post) -> AsyncIterator[Server]:
    async with serve(agent, options={"mail": post.settings()}) as server:
        yield server


async def ask(client: StockClient, mail_id: str, address: object, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = await client.socket.call(
        "mail_transcript", {"id": mail_id, "address": address, **more}
    )
    return told


def outcomes(client: StockClient) -> asyncio.Queue[dict[str, Any]]:
    told = asyncio.Queue[dict[str, Any]]()
    client.socket.on("transcript_mailed", told.put_nowait)
    return told


async def test_a_conversation_is_mailed_once_in_words_and_as_a_page(
    mailing: Server, post: Post, clients: list[StockClient]
) -> None:
    ana, told = clients[0], outcomes(clients[0])
    assert (await ana.open(mailing.url))["mail"] is True
    await ana.ask("order <b>")
    zone = "Asia/Shanghai"
    answers = [await ask(ana, "m1", " Ana@Shop.example ", zone=zone) for _ in range(2)]
    assert answers == [{"status": "accepted"}] * 2
    assert await asyncio.wait_for(told.get(), 60) == {"id": "m1", "status": "sent"}
    assert await mailing.channel._store.read(mails.claim) is None
    [mail] = post.mails
    head = {name: str(mail[name]) for name in ("From", "To", "Message-ID", "Auto-Submitted")}
    assert head == {
        "From": "The shop <help@shop.example>", "To": "ana@shop.example",
        "Message-ID": "<m1@shop.example>", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    plain, page = (cast(EmailMessage, part) for part in mail.iter_parts())
    text = plain.get_content()
    assert "You: order <b>" in text
    assert "Assistant: Your order is on its way." in text
    assert f"({zone})" in text
    assert "order &lt;b&gt;" in page.get_content()


async def test_who_asks_again_hears_again_what_became_of_it_and_it_counts_once(
    mailing: Server, post: Post, clients: list[StockClient]
) -> None:
    ana, told = clients[0], outcomes(clients[0])
    await ana.open(mailing.url)
    await ana.ask("order")
    await ask(ana, "m1", "ana@shop.example")
    for _ in range(5):  # more than may be asked for at once
        assert await asyncio.wait_for(told.get(), 60) == {"id": "m1", "status": "sent"}
        assert await ask(ana, "m1", "ana@shop.example") == {"status": "accepted"}
    assert len(post.mails) == 1


async def test_what_is_refused_for_now_goes_later_and_for_good_is_told(
    mailing: Server, post: Post, clients: list[StockClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rasa_project.channels.webchat.mails._FIRST_WAIT_SECONDS", 0.0)
    monkeypatch.setattr("rasa_project.channels.webchat.mails._POLL_SECONDS", 0.05)
    ana, told = clients[0], outcomes(clients[0])
    await ana.open(mailing.url)
    await ana.ask("order")
    post.answers = ["451 later", "550 never"]
    await ask(ana, "m1", "ana@shop.example")
    assert await asyncio.wait_for(told.get(), 60) == {"id": "m1", "status": "failed"}
    await ask(ana, "m2", "ana@shop.example")
    assert await asyncio.wait_for(told.get(), 60) == {"id": "m2", "status": "sent"}
    assert (post.answers, len(post.mails)) == ([], 1)


async def test_what_cannot_be_asked_for_is_refused_in_words(
    mailing: Server, clients: list[StockClient]
) -> None:
    stranger, ana, _ = clients
    await stranger.connect(mailing.url)
    opened = await ana.open(mailing.url)
    reasons = [(await ask(stranger, "m0", "ana@shop.example"))["reason"]]
    reasons.append((await ask(ana, "m0", "ana@shop.example"))["reason"])
    await ana.ask("order")
    for address in ("ana", "ana@shop", "a@b.c\nBcc: x@y.z", "安@shop.example", "a" * 260, 7):
        reasons.append((await ask(ana, "m1", address))["reason"])
    reasons.append((await ask(ana, "", "ana@shop.example"))["reason"])
    for number in range(3):
        reasons.append((await ask(ana, f"n{number}", "ana@shop.example")).get("reason"))
    assert reasons == [
        "session", "mail_empty", *["mail_address"] * 6, "wrong_type", None, None, "too_fast",
    ]  # fmt: skip
    store, thread = mailing.channel._store, opened["thread"]
    asked = ("other@shop.example", "en", "UTC")
    for number in range(mails.DAY_MOST - 2):
        await store.write(mails.ask, f"k{number}", thread, *asked)
    with pytest.raises(Exception, match="mail_quota"):
        await store.write(mails.ask, "last", thread, *asked)


async def test_without_a_mail_server_nothing_is_offered(
    server: Server, clients: list[StockClient]
) -> None:
    assert (await clients[0].open(server.url))["mail"] is False
    assert (await ask(clients[0], "m1", "ana@shop.example"))["reason"] == "no_mail"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"adress": "x"}, "is a section with"),
        ({"address": "help@shop.example"}, "needs smtp_host and password"),
        ({"address": "help", "smtp_host": "s", "password": "p"}, "must be one address"),
        ({"address": "a@b.c", "smtp_host": "s", "password": "p", "ca_file": "/no"}, "ca_file"),
    ],
)  # fmt: skip
def test_a_section_that_makes_no_sense_says_what_is_wrong(
    options: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidConfigException, match=says):
        mail_settings.read(options, "Correct it.")
