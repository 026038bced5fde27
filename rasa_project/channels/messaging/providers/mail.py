"""E-mail: asked for by IMAP (RFC 3501), answered by SMTP (RFC 5321), both over TLS alone."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncGenerator, Collection
from email.headerregistry import Address
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider, Take
from rasa_project.channels.messaging.providers import mail_reading, mail_sending
from rasa_project.channels.messaging.providers.access_tokens import AccessToken, AccessTokens
from rasa_project.channels.messaging.providers.mail_oauth import (
    KeptToken,
    Login,
    OAuth,
    OAuthSettings,
)
from rasa_project.channels.messaging.providers.mail_reading import NoTurn, Stored
from rasa_project.channels.messaging.providers.mail_sending import SignInRefused
from rasa_project.channels.messaging.providers.mailbox import (
    AT_A_TIME,
    MAX_WHOLE_BYTES,
    Mailbox,
    MailboxError,
    SignInError,
)
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.turn import Reading
from rasa_project.webhooks.errors import Refused

logger = logging.getLogger(__name__)

ANYBODY: Final = "none"
_LONGEST_PAUSE_SECONDS: Final = 60.0


class MailSettings(OAuthSettings):
    """Settings.

    Attributes:
        address: To which customers write; the mailbox should be the assistant's alone.
        password: Of the mailbox; for most services one made for this very program. None with
            `oauth`.
        imap_host: Where mail is read, such as imap.example.com.
        smtp_host: Where mail is sent, such as smtp.example.com.
        trusted_server: The name at the beginning of the header Authentication-Results that your
            mail service adds, such as mx.example.com: senders that it did not prove are not
            answered. `none` believes every sender.
        username: To sign in with, where it is not the address.
        imap_port: For TLS from the first byte.
        smtp_port: 465 for TLS from the first byte; 587, 25 and 2525 for STARTTLS.
        smtp_starttls: Whether the port for sending expects STARTTLS, where it is none of these.
        smtp_username: To sign in with for sending, where it is another one.
        smtp_password: Likewise.
        from_name: What customers read as the sender beside the address.
        subject: Of mails to somebody who never wrote.
        folder: Of the mailbox.
        poll_seconds: From one look into the mailbox to the next.
        ca_file: Who vouches for servers with certificates of your own, as a PEM file.
    """

    address: str
    password: SecretStr = SecretStr("")
    imap_host: str
    smtp_host: str
    trusted_server: str
    username: str = ""
    imap_port: int = 993
    smtp_port: int = 465
    smtp_starttls: bool | None = None
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    from_name: str = ""
    subject: str = "Your message"
    folder: str = "INBOX"
    poll_seconds: float = Field(15.0, gt=0, le=3600)
    ca_file: str = ""

    @validator("address")
    def _one(cls, value: str) -> str:  # pydantic's own form
        if not mail_sending.ADDRESS.fullmatch(value):
            raise ValueError("must be one address, such as help@shop.example")
        return value.lower()

    @validator("password", always=True)
    def _some(cls, value: SecretStr, values: dict[str, Any]) -> SecretStr:
        # What is wrong with `oauth` is told by its own name.
        if "oauth" in values and bool(values["oauth"]) == bool(value.get_secret_value()):
            raise ValueError("is missing" if not values["oauth"] else "is not used with `oauth`")
        return value

    @classmethod
    def asked(cls, given: Collection[str]) -> set[str]:
        """Ask for a password, or for what OAuth needs."""
        if "oauth" not in given:
            return {*super().asked(given), "password"}
        token = set() if "oauth_tenant" in given else {"oauth_refresh_token"}
        return super().asked(given) | {"oauth_client_id", "oauth_client_secret"} | token

    @validator("trusted_server")
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(f"must be a server's name, or `{ANYBODY}`")
        return value.strip()

    @validator("ca_file")
    def _readable(cls, value: str) -> str:
        if value and not Path(value).is_file():
            raise ValueError("must be a file that can be read")
        return value


class Mail(Provider):
    """A mailbox. One conversation for each address that writes; answers go to that address alone.

    Not to `Reply-To`: who forges a sender would else read what is said to them.
    """

    name = "email"
    title = "E-mail"
    Settings = MailSettings
    # A mail is as long as it is. The gap holds up two programs that answer each other without a
    # sign of being programs.
    limits = Limits(text=100_000, per_second=5.0, gap_seconds=10.0, burst=20)
    fetches = FILES
    has_webhook = False

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._context = ssl.create_default_context(cafile=settings.ca_file or None)
        self._user: str = settings.username or settings.address
        self._tokens = AccessTokens(self._fetch_token)
        home = Path(os.environ.get("ATTUNE_HOME") or ".attune")
        token = settings.oauth_refresh_token.get_secret_value()
        self._oauth = OAuth(settings, http, KeptToken(home / "mail-tokens.json", token))
        starttls = mail_sending.starts_plain(settings.smtp_port, settings.smtp_starttls)
        self._account = mail_sending.Account(
            settings.smtp_host,
            settings.smtp_port,
            starttls,
            self._context,
        )
        local, _, domain = settings.address.rpartition("@")
        self._sender = Address(settings.from_name, local, domain)
        trusted = settings.trusted_server
        self._trusted = None if trusted.lower() == ANYBODY else trusted

    def verify(self, request: Request) -> None:
        """Refuse: mail comes from the mailbox alone."""
        raise Refused(401, "E-mail is read from a mailbox, never from a request.")

    def read(self, request: Request) -> Reading:
        """Never asked, because nothing is verified."""
        raise NotImplementedError

    async def send(self, to: Recipient, part: Part) -> str:
        """Send a mail; a second one of the same part has the same Message-ID."""
        mail = mail_sending.compose(to, part, self._sender, self.settings.subject)
        login = await self._login(sends=True)
        try:
            await mail_sending.send(self._account, login, mail)
        except SignInRefused:
            self._tokens.refuse(login.token)
            raise
        return str(mail["Message-ID"])

    async def listen(self, take: Take) -> None:
        """Look into the mailbox again and again; while it cannot be read, ever more seldom."""
        box: Mailbox | None = None
        pause = poll = self.settings.poll_seconds
        try:
            while True:
                try:
                    if box is None:
                        box = await self._entered()
                    more = await self._empty(box, take)
                    pause = 0.0 if more else poll
                except (OSError, MailboxError, NotSent, MaybeSent) as error:
                    pause = max(poll, min(2 * max(pause, poll), _LONGEST_PAUSE_SECONDS))
                    logger.warning("email: the mailbox cannot be read: %s", error)
                    _abandon(box)
                    box = None
                await asyncio.sleep(pause)
        finally:
            _abandon(box)

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Read an attachment from the mailbox, where the mail stays."""
        try:
            box = await self._entered()
            yield await asyncio.to_thread(self._attachment, box, source.attachment.id)
        except (OSError, MailboxError) as error:
            raise MaybeSent(f"The mailbox cannot be read: {error}") from None

    async def check(self) -> list[Finding]:
        """Sign in for reading and for sending."""
        found = []
        try:
            box = await self._entered()
            await asyncio.to_thread(box.close)
            found.append(Finding(True, f"Mail of {self.settings.address} can be read."))
        except (OSError, MailboxError, NotSent, MaybeSent) as error:
            found.append(Finding(False, f"Mail cannot be read: {error}"))
        try:
            await mail_sending.sign_in(self._account, await self._login(sends=True))
            found.append(Finding(True, f"{self.settings.smtp_host} lets us send."))
        except (NotSent, MaybeSent) as error:
            found.append(Finding(False, str(error)))
        if self._trusted is None:
            found.append(Finding(None, "Senders are believed unproven: trusted_server is none."))
        return found

    async def _login(self, *, sends: bool = False) -> Login:
        """Return how to sign in.

        Raises:
            NotSent: The service gives no token.
            MaybeSent: Its answer was lost.
        """
        settings = self.settings
        user = (settings.smtp_username if sends else "") or self._user
        if settings.oauth:
            return Login(user, token=await self._tokens.get())
        password = settings.smtp_password.get_secret_value() if sends else ""
        return Login(user, password or settings.password.get_secret_value())

    async def _fetch_token(self, _refused: str) -> AccessToken:
        return await self._oauth.fetch()

    async def _entered(self) -> Mailbox:
        """Open the mailbox; a token that is refused is not shown again."""
        login, settings = await self._login(), self.settings
        place = (settings.imap_host, settings.imap_port, login, settings.folder, self._context)
        try:
            return await asyncio.to_thread(Mailbox, *place)
        except SignInError:
            self._tokens.refuse(login.token)
            raise

    def _attachment(self, box: Mailbox, name: str) -> bytes:
        validity, uid, number = map(int, name.split("."))
        try:
            stored = box.fetch(uid, MAX_WHOLE_BYTES) if box.validity == validity else None
        finally:
            box.close()
        if stored is None:
            raise NotSent("The mail is not in the mailbox any more.", hopeless=True)
        if stored.size > len(stored.raw):
            raise NotSent("The mail is too large to be read whole.", hopeless=True)
        content = mail_reading.attachment(stored, number)
        if content is None:
            raise NotSent("The mail holds no such attachment.", hopeless=True)
        return content

    async def _empty(self, box: Mailbox, take: Take) -> bool:
        """Take some of what waits, and say whether there is more.

        What was taken before a kill is known by its id.
        """
        waiting = await asyncio.to_thread(box.waiting)
        for uid in waiting[:AT_A_TIME]:
            stored = await asyncio.to_thread(box.fetch, uid)
            if stored is None:
                continue
            reading = await asyncio.to_thread(self._read, stored)
            await take(reading)
            await asyncio.to_thread(box.mark, uid, bool(reading.turns))
        return len(waiting) > AT_A_TIME

    def _read(self, stored: Stored) -> Reading:
        try:
            turn = mail_reading.read(stored, self.settings.address, self._trusted)
        except NoTurn as error:
            return Reading(ignored=(f"mail {stored.uid}, {error},",))
        except Exception as error:  # one that nobody can read must not hold up those behind it
            logger.exception("email: mail %s cannot be read; it stays unread.", stored.uid)
            return Reading(ignored=(f"mail {stored.uid}, which cannot be read ({error!r}),",))
        return Reading(turns=(turn,))


def _abandon(box: Mailbox | None) -> None:
    if box is not None:
        box.abandon()


class MailInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.mail.MailInput` in `credentials.yml`."""

    Provider = Mail
