"""A mail server for tests of mailed conversations."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.dovecot import make_certificate
from tests.ports import free_ports

WORDS = "MAIL_PASSWORD of the tests"


class Post:
    """A mail server that takes mails over TLS, or refuses them as it is told to.

    Attributes:
        answers: What the next mails are answered with in place of being taken.
        held: While it is set, no mail is answered.
        mails: Those that were taken.
    """

    def __init__(self, folder: Path) -> None:
        self.certificate, key = folder / "certificate.pem", folder / "key.pem"
        make_certificate(self.certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.port = free_ports(1)[0]
        self.answers: list[str] = []
        self.held = False
        self.mails: list[EmailMessage] = []
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ssl_context=context,
            auth_required=True, auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
        )  # fmt: skip

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        while self.held:
            await asyncio.sleep(0.05)
        if self.answers:
            return self.answers.pop(0)
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(read)
        return "250 taken"

    def settings(self) -> dict[str, Any]:
        return {
            "address": "help@shop.example", "from_name": "The shop", "password": WORDS,
            "smtp_host": "127.0.0.1", "smtp_port": self.port, "ca_file": str(self.certificate),
        }  # fmt: skip
