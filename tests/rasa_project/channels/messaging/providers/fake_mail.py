"""A mail service: Dovecot keeps the mailbox, an SMTP server in this process takes what is sent.

Mail is laid into the mailbox as a mail server does it, with `Authentication-Results` (RFC 8601) and
`Return-Path` (RFC 5321, "Trace Information"). What is sent is refused and lost as RFC 5321 has it:
4xx for now, 5xx for good, and connections that end after the mail was taken.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import email
import email.policy
import email.utils
import functools
import imaplib
import itertools
import ssl
import time
from email.message import EmailMessage
from typing import Any, cast

from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.dovecot import PASSWORD, DovecotServer
from tests.ports import free_ports
from tests.rasa_project.channels.messaging.fake_service import FakeService

SERVER = "mx.shop.example"
_NUMBERS = itertools.count(1)


@functools.lru_cache(maxsize=1)
def dovecot() -> DovecotServer:
    """One server for all tests of a process; each imitation has a mailbox of its own."""
    server = DovecotServer()
    atexit.register(server.remove)
    server.start()
    return server


class FakeMail(FakeService):
    """A mailbox, and customers with mail programs."""

    name = "email"
    channel = "rasa_project.channels.messaging.providers.mail.MailInput"
    starts_servers = True
    by_webhook = False
    numbers_buttons = True

    def __init__(self) -> None:
        super().__init__()
        self.address = f"help{next(_NUMBERS)}@shop.example"
        self.port = free_ports(1)[0]
        self.starttls = False
        self.refused: dict[str, str] = {}  # answers for good, by recipient
        self.mails: list[EmailMessage] = []  # as they were taken
        self.tokens: dict[str, str] = {}  # access tokens that are good, and whose they are
        self._controller: Controller | None = None

    def settings(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": dovecot().port,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "trusted_server": SERVER,
            "ca_file": str(dovecot().certificate),
            "poll_seconds": 0.05,
            **({"smtp_starttls": True} if self.starttls else {}),
        }

    def conversation(self, customer: str) -> str:
        return f"email:{self.address_of(customer)}"

    def address_of(self, customer: str) -> str:
        return customer if "@" in customer else f"{customer}@ana.example"

    async def start(self, port: int = 0) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(dovecot().certificate, dovecot().key)
        tls: dict[str, Any] = {"ssl_context": context}
        if self.starttls:
            tls = {"tls_context": context, "require_starttls": True}
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, authenticator=self._signs_in,
            auth_required=True, auth_require_tls=self.starttls, **tls,
        )  # fmt: skip
        await asyncio.to_thread(self._controller.start)

    async def end(self) -> None:
        if self._controller is not None:
            await asyncio.to_thread(self._controller.stop)

    def written(self, customer: str, text: str) -> Any:
        """A mail of a customer, in the thread of the latest answer where there is one."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["Return-Path"] = f"<{self.address_of(customer)}>"
        mail["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from=ana.example"
        mail["From"] = f"Ana <{self.address_of(customer)}>"
        mail["To"] = self.address
        mail["Date"] = email.utils.format_datetime(email.utils.localtime())
        mail["Message-ID"] = f"<{self.next_number()}.{time.time_ns()}@ana.example>"
        answered = [one for one in self.mails if one["To"] == self.address_of(customer)]
        mail["Subject"] = "My order" if not answered else answered[-1]["Subject"]
        if answered:
            quoted = "\n".join(f"> {line}" for line in words(answered[-1]).splitlines())
            text = f"{text}\n\nOn Mon, 5 Jan 2026 at 10:00, Help <{self.address}> wrote:\n{quoted}"
            mail["In-Reply-To"] = answered[-1]["Message-ID"]
            mail["References"] = f"{answered[-1]['References']} {answered[-1]['Message-ID']}"
        mail.set_content(text)
        return mail.as_bytes()

    def pictured(self, customer: str, content: bytes) -> Any:
        mail = email.message_from_bytes(
            self.written(customer, "Here it is."), policy=email.policy.SMTP
        )
        assert isinstance(mail, EmailMessage)
        mail.add_attachment(content, maintype="image", subtype="png", filename="a.png")
        return mail.as_bytes()

    def pressed(self, customer: str, title: str) -> Any:
        """Mail has no buttons: a customer writes the number or the title."""
        return self.written(customer, title)

    async def happens(self, event: Any) -> None:
        """Lay a mail into the mailbox, as often as the network has it."""
        for _ in range(self.times):
            await asyncio.to_thread(self.lay, event)
            self.statuses.append(200)

    def lay(self, raw: bytes) -> None:
        with self.mailbox() as box:
            box.append("INBOX", "", "", raw)

    def mailbox(self) -> imaplib.IMAP4_SSL:
        """A person's look into the mailbox."""
        context = ssl.create_default_context(cafile=str(dovecot().certificate))
        box = imaplib.IMAP4_SSL("127.0.0.1", dovecot().port, ssl_context=context)
        box.login(self.address, PASSWORD)
        box.select("INBOX")
        return box

    def flags(self) -> list[set[str]]:
        """The marks of each mail."""
        with self.mailbox() as box:
            _, found = box.uid("FETCH", "1:*", "(FLAGS)")
        # A mail stands there twice where its marks change just then.
        lines = {one.split()[0]: one for one in found if isinstance(one, bytes)}
        return [{flag.decode() for flag in imaplib.ParseFlags(one)} for one in lines.values()]

    def texts(self, customer: str) -> list[str]:
        to = self.address_of(customer)
        return [words(mail) for mail in self.mails if mail["To"] == to]

    def limited(self) -> web.Response:
        raise NotImplementedError

    # What aiosmtpd asks of a handler.

    async def handle_RCPT(  # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        if self.faults and self.faults[0] in {"down", "limit"}:
            return {"down": "421 4.3.2 Not now", "limit": "450 4.7.1 Too many"}[self.faults.pop(0)]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "fail":
            return "451 4.3.0 Try again"
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if fault == "cut":
            cast(asyncio.Transport, server.transport).abort()  # uvloop's is of no such class
        return "250 OK"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Sign in as Google's "SASL XOAUTH2 Mechanism" has it."""
        said = base64.b64decode(args[1]).decode()
        user, bearer = (word.partition("=")[2] for word in said.split("\x01")[:2])
        right = self.tokens.get(bearer.removeprefix("Bearer ")) == user
        return AuthResult(success=right, handled=False)

    def _signs_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=right, handled=right)  # else the library says nothing


def words(mail: EmailMessage) -> str:
    """What a mail says."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n").strip()
