"""Where a mail comes from."""

from __future__ import annotations

import email

import pytest

from rasa_project.channels.messaging.providers.mail_origin import (
    automatic,
    header,
    proven,
    sender,
    sender_name,
)

OWN = "help@shop.example"
SERVER = "mx.shop.example"


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ("", ""),
        ("Auto-Submitted: no\n", ""),
        ("Auto-Submitted: auto-replied; owner=x\n", "an automatic mail"),
        ("auto-submitted: Auto-Generated\n", "an automatic mail"),
        ("Precedence: bulk\n", "a bulk mail"),
        ("List-Id: <news.example>\n", "a mailing list's mail (List-Id)"),
        ("List-Unsubscribe: <https://a.example>\n", "a mailing list's mail"),
        ("X-Autoreply: yes\n", "an automatic answer"),
        ("Return-Path: <>\n", "a report of the mail system (no return path)"),
        ("Return-Path: <ana@ana.example>\n", ""),
        ("Content-Type: multipart/report; boundary=a\n", "a report of the mail system"),
    ],
)
def test_a_programs_mail_is_told_from_a_persons(headers: str, says: str) -> None:
    mail = email.message_from_string(f"From: ana@ana.example\n{headers}\nHello")
    assert automatic(mail, OWN).startswith(says) and bool(automatic(mail, OWN)) == bool(says)


@pytest.mark.parametrize(
    "address",
    [OWN, "MAILER-DAEMON@a.example", "no-reply@a.example", "noreply@a.example",
     "bounces+17-help=shop.example@a.example", "postmaster@a.example"],
)  # fmt: skip
def test_addresses_of_programs_are_known(address: str) -> None:
    assert automatic(email.message_from_string(f"From: {address}\n\nHello"), OWN)


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("Ana Lee <Ana@Ana.Example>", "ana@ana.example", "Ana Lee"),
        ('"Lee, Ana" <ana@ana.example>', "ana@ana.example", "Lee, Ana"),
        ("=?utf-8?b?5p2O5a6J?= <ana@ana.example>", "ana@ana.example", "李安"),
        ("=?utf-8?q?li=40bank=2Eexample?= <ana@ana.example>", "ana@ana.example", None),
        ("ana@ana.example, li@li.example", "", None),
        ("ana", "", None),
        ("<ana@localhost>", "", None),
        ("ana@ana.example <a b@ana.example>", "", None),
        ("a" * 3000 + "@ana.example", "", None),
        ("(" * 1900, "", None),
    ],
)
def test_there_is_one_sender_or_none(written: str, address: str, name: str | None) -> None:
    mail = email.message_from_string(f"From: {written}\n\nHello")
    assert sender(mail) == address
    assert name is None or sender_name(mail) == name


def test_two_senders_are_none() -> None:
    mail = email.message_from_string("From: ana@ana.example\nFrom: li@li.example\n\nHello")
    assert sender(mail) == ""


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("Meine\n Tasse =?iso-8859-1?q?=FCber?=", "Meine Tasse über"),
        ("=?utf-8?b?5p2v?= =?utf-8?b?5a2Q?=", "杯子"),
        ("杯子", "杯子"),
        ("=?nonsense?q?a?=", "=?nonsense?q?a?="),
        ("x" * 3000, ""),
    ],
)
def test_headers_of_any_writing_are_read_on_one_line(written: str, says: str) -> None:
    mail = email.message_from_bytes(f"Subject: {written}\n\nHello".encode())
    assert header(mail, "subject") == says


@pytest.mark.parametrize(
    ("results", "is_proven"),
    [
        (f"{SERVER}; dmarc=pass (p=reject) header.from=ana.example", True),
        (f"{SERVER} 1; dmarc=pass header.from=other.example", False),
        (f"{SERVER}; dkim=pass header.d=ana.example header.s=a; spf=fail", True),
        (f'{SERVER}; dkim=pass header.i="@ana.example"', True),
        (f"{SERVER}; dkim=pass header.d=evil.example", False),
        (f"{SERVER}; dkim=pass header.d=example", False),
        (f"{SERVER}; dkim=pass header.d=evil.ana.example", False),
        (f"{SERVER}; dkim=fail header.d=ana.example", False),
        (f"{SERVER}; spf=pass smtp.mailfrom=x@ana.example", True),
        (f"{SERVER}; spf=pass smtp.mailfrom=ana.example", True),
        (f"{SERVER}; spf=pass smtp.mailfrom=x@evil.example", False),
        (f"{SERVER}; spf=pass (dmarc=pass header.from=ana.example)", False),
        (f"{SERVER}; none", False),
        ("evil.example; dmarc=pass header.from=ana.example", False),
        (f"x.{SERVER}; dmarc=pass header.from=ana.example", False),
        ("", False),
    ],
)
def test_a_sender_is_proven_by_our_own_server_alone(results: str, is_proven: bool) -> None:
    mail = email.message_from_string(
        f"Authentication-Results: {results}\nFrom: Ana <ana@ana.example>\n\nHello"
    )
    assert proven(mail, SERVER) is is_proven


def test_of_several_results_the_topmost_counts() -> None:
    forged = f"Authentication-Results: {SERVER}; dmarc=pass header.from=ana.example\n"
    real = f"Authentication-Results: {SERVER}; dmarc=fail header.from=ana.example\n"
    mail = email.message_from_string(f"{real}{forged}From: ana@ana.example\n\nHello")
    assert proven(mail, SERVER) is False
