"""E-mail, with a real IMAP server and a real SMTP server."""

from __future__ import annotations

import asyncio
import email.policy
import random
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.mail import MailInput
from rasa_project.channels.messaging.providers.mail_reading import NoTurn, Stored, read
from rasa_project.channels.messaging.turn import Attachment, Turn
from tests.rasa_project.channels.messaging.conftest import started
from tests.rasa_project.channels.messaging.media.desk import as_told
from tests.rasa_project.channels.messaging.providers.fake_mail import (
    SERVER,
    FakeMail,
    dovecot,
    words,
)
from tests.rasa_project.channels.messaging.serving import Server, bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

pytestmark = pytest.mark.services

CUSTOMER, ANA = "ana", "ana@ana.example"
ON_ITS_WAY = "Your order is on its way."
TAKEN, SEEN = "AttuneTaken", "\\Seen"


@pytest.fixture
async def mail(short_waits: None) -> AsyncIterator[FakeMail]:
    async with started(FakeMail()) as fake:
        yield fake


@pytest.fixture
async def server(mail: FakeMail, agent: Agent) -> AsyncIterator[Server]:
    async with serve(agent, [mail]) as served:
        yield served


def turn_of(raw: bytes, size: int = 0, trusted: str | None = SERVER) -> Turn:
    return read(Stored(7, 99, raw, size or len(raw)), "help@shop.example", trusted)


def written(text: str = "order", **headers: str) -> EmailMessage:
    """A mail as the mail server lays it into the mailbox."""
    found = {
        "Authentication-Results": f"{SERVER}; dmarc=pass header.from=ana.example",
        "From": f"Ana Lee <{ANA}>",
        "To": "help@shop.example",
        "Date": "Mon, 05 Jan 2026 10:00:00 +0000",
        "Message-ID": "<1@ana.example>",
        "Subject": "My order",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    mail = EmailMessage(policy=email.policy.SMTP)
    for name, value in found.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    return mail


async def dealt_with(mail: FakeMail, count: int) -> list[set[str]]:
    """Wait until so many mails bear our mark; return the marks of all."""
    for _ in range(500):
        flags = await asyncio.to_thread(mail.flags)
        if sum(TAKEN in one for one in flags) == count:
            return flags
        await asyncio.sleep(0.02)
    raise AssertionError(flags)


def test_a_mail_becomes_a_turn_with_what_is_sent_along() -> None:
    mail = written(
        "It is broken!\n\n-- \nAna", Subject="Re: My cup", In_Reply_To="<a@shop.example>",
        References="<0@ana.example> <a@shop.example>",
    )  # fmt: skip
    mail.add_attachment(b"12345", maintype="image", subtype="png", filename="杯子.png")
    mail.add_attachment(b"1", maintype="application", subtype="pdf", filename="a.pdf")
    assert turn_of(mail.as_bytes()) == Turn(
        id=f"{ANA} <1@ana.example>",
        customer=ANA,
        text="It is broken!",
        order=7.0,
        sent_at=1767607200.0,
        name="Ana Lee",
        attachments=(
            Attachment("image", "99.7.2", name="杯子.png", mime_type="image/png", size=5),
            Attachment("file", "99.7.3", name="a.pdf", mime_type="application/pdf", size=1),
        ),
        route={
            "subject": "Re: My cup",
            "in_reply_to": "<1@ana.example>",
            "references": ["<0@ana.example>", "<a@shop.example>", "<1@ana.example>"],
        },
        extra={"subject": "Re: My cup"},
    )


@pytest.mark.parametrize(
    ("headers", "body", "says"),
    [
        ("Content-Type: text/html; charset=utf-8", "<p>My <b>cup</b></p>", "My cup"),
        ("Content-Type: text/plain; charset=gb18030", "杯子", "杯子"),
        ("Content-Type: text/plain; charset=nonsense", "cup", "cup"),
        ("Content-Type: text/plain; charset=punycode", "cup-", "cup-"),
        ("Content-Type: text/plain; format=flowed", "My \ncup", "My cup"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64", "Y3Vw", "cup"),
        ("Content-Type: multipart/alternative; boundary=b",
         "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/html\n\n<p>cup\n--b--", "cup"),
        ("Content-Type: multipart/mixed; boundary=b", "never begun", "My order"),
        ("X-Nothing: a", "", "My order"),
    ],
)  # fmt: skip
def test_words_are_found_however_they_are_written(headers: str, body: str, says: str) -> None:
    encoding = "gb18030" if "gb18030" in headers else "utf-8"
    head = f"From: {ANA}\nSubject: My order\n{headers}\n\n".encode()
    assert turn_of(head + body.encode(encoding), trusted=None).words() == says


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (written(Auto_Submitted="auto-replied").as_bytes(), "an automatic mail"),
        (written(From="").as_bytes(), "a mail without one sender"),
        (written(Authentication_Results="").as_bytes(), f"a mail whose sender {SERVER} did not"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 3000, "of too many parts"),
        (b"Content-Type: multipart/mixed; " * 200 + b"\n\n--b\n", "of too many parts"),
        (b"Content-Type: text/plain" + b";\n a=b" * 2000 + b"\n\nHi", "described at too great"),
        (b"", "a mail without one sender"),
        (b"\xff\x00\n\n\xff", "a mail without one sender"),
    ],
)
def test_what_is_no_customers_mail_is_said(raw: bytes, says: str) -> None:
    with pytest.raises(NoTurn, match=says):
        turn_of(raw)


def test_mails_with_anything_in_them_are_turns_or_none() -> None:
    chooser = random.Random(11)
    mail = written("It is broken!", Subject="=?utf-8?q?a?= b")
    mail.add_attachment(b"12345", maintype="image", subtype="png", filename="a.png")
    for _ in range(1_000):
        raw = bytearray(mail.as_bytes())
        for _ in range(chooser.randrange(1, 30)):
            at = chooser.randrange(len(raw))
            raw[at : at + chooser.randrange(3)] = chooser.randbytes(chooser.randrange(4))
        try:
            turn = turn_of(bytes(raw), trusted=None)
        except NoTurn:
            continue
        assert Turn.from_dict(turn.to_dict()).customer.count("@") == 1


async def test_an_answer_stands_in_the_customers_thread(mail: FakeMail, server: Server) -> None:
    raw = written(Subject="Where is it?", References="<0@ana.example>").as_bytes()
    await asyncio.to_thread(mail.lay, raw)
    assert await mail.read(ANA, 1) == [ON_ITS_WAY]
    await server.push(mail.conversation(CUSTOMER), bot("Li here.", "m-1"))
    assert await mail.read(ANA, 2) == [ON_ITS_WAY, "Li here."]
    names = ("From", "To", "Subject", "In-Reply-To", "References", "Auto-Submitted")
    assert [tuple(str(one[name]) for name in names) for one in mail.mails] == [
        (
            mail.address,
            ANA,
            "Re: Where is it?",
            "<1@ana.example>",
            "<0@ana.example> <1@ana.example>",
            "auto-replied",
        )
    ] * 2


async def test_a_mail_whose_answer_was_lost_is_known_by_its_message_id(
    mail: FakeMail, server: Server
) -> None:
    mail.faults = ["cut"]
    await mail.says(CUSTOMER, "order")
    await mail.read(ANA, 2)
    await settled()
    first, second = mail.mails
    assert first["Message-ID"] == second["Message-ID"] and words(first) == words(second)


async def test_what_is_refused_for_good_is_given_up_and_for_now_tried_again(
    mail: FakeMail, server: Server
) -> None:
    mail.refused = {"li@ana.example": "550 5.1.1 No such mailbox"}
    mail.faults = ["limit", "fail", "down"]
    await mail.says("li", "order")
    await mail.says(CUSTOMER, "order")
    assert await mail.read(ANA, 1) == [ON_ITS_WAY]
    await settled()
    answer = "The mail server answered 550: 5.1.1 No such mailbox"
    assert dead() == [(ON_ITS_WAY, answer)]


@pytest.mark.channel_feature("signed", channel="email")
async def test_a_forged_sender_is_not_answered(mail: FakeMail, server: Server) -> None:
    forged = written(Authentication_Results=f"{SERVER}; dmarc=fail header.from=ana.example")
    own = written(
        Authentication_Results="mx.evil.example; dmarc=pass header.from=ana.example",
        Message_ID="<2@ana.example>",
    )
    for one in (forged, own):
        await asyncio.to_thread(mail.lay, one.as_bytes())
    assert await dealt_with(mail, 2) == [{TAKEN}, {TAKEN}]
    assert await server.events(mail.conversation(CUSTOMER), "user") == []
    assert mail.mails == []


async def test_automatic_mail_is_left_to_people_unread(mail: FakeMail, server: Server) -> None:
    away = written("I am away.", Auto_Submitted="auto-replied").as_bytes()
    await asyncio.to_thread(mail.lay, away)
    await mail.says(CUSTOMER, "order")
    assert await mail.read(ANA, 1) == [ON_ITS_WAY]
    flags = await dealt_with(mail, 2)
    assert [one & {SEEN, TAKEN} for one in flags] == [{TAKEN}, {TAKEN, SEEN}]


@pytest.mark.channel_feature("media", channel="email")
async def test_what_is_sent_along_reaches_rasa(mail: FakeMail, server: Server) -> None:
    sent = written("")
    sent.add_attachment(b"12345", maintype="image", subtype="png", filename="cup.png")
    del sent["Subject"]
    await asyncio.to_thread(mail.lay, sent.as_bytes())
    assert await server.heard(mail.conversation(CUSTOMER), 1) == ["📷"]
    (event,) = await server.events(mail.conversation(CUSTOMER), "user")
    (attachment,) = event["metadata"]["attachments"]
    assert attachment["remote_id"].endswith(".1.2")
    assert as_told({**attachment, "remote_id": "1"}) == {
        "id": "1",
        "kind": "image", "name": "cup.png", "mime_type": "image/png", "size": 5,
    }  # fmt: skip


async def test_what_was_kept_before_a_kill_counts_once(mail: FakeMail, agent: Agent) -> None:
    async with serve(agent, [mail]):
        await mail.says(CUSTOMER, "order")
        assert await mail.read(ANA, 1) == [ON_ITS_WAY]
        await dealt_with(mail, 1)
    with mail.mailbox() as box:  # as if the server had died before it made its mark
        box.uid("STORE", "1", "-FLAGS", f"({TAKEN} {SEEN})")
    async with serve(agent, [mail]) as server:
        await dealt_with(mail, 1)
        assert await server.heard(mail.conversation(CUSTOMER), 1) == ["order"]
        assert await mail.read(ANA, 1) == [ON_ITS_WAY]


async def test_what_people_had_read_is_left_and_what_they_read_later_is_answered(
    mail: FakeMail, agent: Agent
) -> None:
    old = written("hello", Message_ID="<old@ana.example>").as_bytes()
    with mail.mailbox() as box:
        box.append("INBOX", SEEN, "", old)
    await mail.says(CUSTOMER, "order")
    async with serve(agent, [mail]):
        assert await mail.read(ANA, 1) == [ON_ITS_WAY]
        await dealt_with(mail, 2)
    later = written("order", Message_ID="<later@ana.example>").as_bytes()
    with mail.mailbox() as box:
        box.append("INBOX", SEEN, "", later)
    async with serve(agent, [mail]):
        assert await mail.read(ANA, 2) == [ON_ITS_WAY] * 2


async def test_what_comes_during_an_outage_is_answered_after_it(
    mail: FakeMail, server: Server
) -> None:
    await mail.says(CUSTOMER, "order")
    assert await mail.read(ANA, 1) == [ON_ITS_WAY]
    await asyncio.to_thread(dovecot().stop)
    try:
        await asyncio.sleep(0.3)
    finally:
        await asyncio.to_thread(dovecot().start)
    await mail.says(CUSTOMER, "order")
    assert await mail.read(ANA, 2) == [ON_ITS_WAY] * 2


async def test_more_mails_than_are_fetched_at_once_are_all_heard_in_order(
    mail: FakeMail, agent: Agent
) -> None:
    texts = [f"order {number}" for number in range(25)]
    for number, text in enumerate(texts):
        sent = written(text, Message_ID=f"<{number}@ana.example>")
        await asyncio.to_thread(mail.lay, sent.as_bytes())
    async with serve(agent, [mail]) as server:
        assert await server.heard(mail.conversation(CUSTOMER), 25) == texts


async def test_starttls_is_spoken_where_it_is_asked_for(agent: Agent) -> None:
    fake = FakeMail()
    fake.starttls = True
    async with started(fake), serve(agent, [fake]):
        await fake.says(CUSTOMER, "order")
        assert await fake.read(ANA, 1) == [ON_ITS_WAY]


async def test_a_bots_author_may_write_a_page(mail: FakeMail, server: Server) -> None:
    page = {"email": {"subject": "Your parcel", "text": "It is here.", "html": "<p>It is here."}}
    await mail.says(CUSTOMER, "order")
    await mail.read(ANA, 1)
    await server.push(mail.conversation(CUSTOMER), bot("", "m-1", data={"custom": page}))
    for _ in range(500):
        if len(mail.mails) > 1:
            break
        await asyncio.sleep(0.02)
    sent = mail.mails[1]
    parts = [part.get_content().strip() for part in sent.iter_parts()]
    assert (sent["Subject"], parts) == ("Your parcel", ["It is here.", "<p>It is here."])


async def test_check_says_whether_mail_can_be_read_and_sent(mail: FakeMail) -> None:
    def checked(**changes: Any) -> Any:
        return MailInput.from_credentials({**mail.settings(), **changes}).provider.check()

    assert await channel_of(mail).provider.check() == [
        Finding(True, f"Mail of {mail.address} can be read."),
        Finding(True, "127.0.0.1 lets us send."),
    ]
    wrong, anybody = await checked(password="wrong"), await checked(trusted_server="none")
    assert [one.ok for one in wrong] == [False, False]
    assert "AUTHENTICATIONFAILED" in wrong[0].says and "535" in wrong[1].says
    assert anybody[2] == Finding(None, "Senders are believed unproven: trusted_server is none.")
    unknown = await checked(ca_file="")
    assert [one.ok for one in unknown] == [False, False]
    assert all("certificate" in one.says.lower() for one in unknown)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"trusted_server": None}, "`trusted_server` of the E-mail channel is empty"),
        ({"trusted_server": " "}, "must be a server's name, or `none`"),
        ({"address": "Help <help@shop.example>"}, "must be one address"),
        ({"ca_file": "/nowhere"}, "must be a file that can be read"),
        ({"poll_seconds": 0}, "greater than 0"),
    ],
)
def test_settings_that_are_wrong_are_refused_by_name(change: Any, says: str) -> None:
    good = {
        "address": "help@shop.example", "password": "a", "imap_host": "a", "smtp_host": "a",
        "trusted_server": SERVER,
    }  # fmt: skip
    with pytest.raises(InvalidConfigException, match=says):
        MailInput.from_credentials({**good, **change})
