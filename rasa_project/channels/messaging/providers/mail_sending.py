"""Composes answers and hands them to a mail server (RFC 5321), always over TLS."""

from __future__ import annotations

import asyncio
import email.policy
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any, Final

import aiosmtplib

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.providers.mail_oauth import Login

ADDRESS: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_STARTTLS_PORTS: Final = frozenset({25, 587, 2525})
_SECONDS: Final = 30.0
_SUBJECT_CHARACTERS: Final = 500


@dataclass(frozen=True)
class Account:
    """Who sends, and where.

    Attributes:
        host: The server.
        port: Likewise.
        starts_plain: The server expects STARTTLS; else TLS from the first byte.
        context: Whom to trust.
    """

    host: str
    port: int
    starts_plain: bool
    context: ssl.SSLContext


class SignInRefused(NotSent):
    """The server does not know the password, or the token is not good any more."""


def starts_plain(port: int, asked: bool | None) -> bool:
    """Say whether a server expects STARTTLS: as the operator says, else by its port."""
    return port in _STARTTLS_PORTS if asked is None else asked


def compose(to: Recipient, part: Part, sender: Address, subject: str) -> EmailMessage:
    """Make the mail of one part: an answer in the customer's thread, known by its Message-ID.

    Args:
        to: With the route that `mail_reading.read` made.
        part: A text; the address of an image or a file; or `subject`, `text` and `html` of a
            bot's author.
        sender: Ourselves.
        subject: Where there is no thread yet.

    Raises:
        NotSent: There is nothing to send, or no such address.
    """
    mail = EmailMessage(policy=email.policy.SMTP)
    route = to.route
    mail["From"] = sender
    try:
        mail["To"] = to.customer
    except Exception as error:  # the parser of the standard library has its own troubles
        raise NotSent(f"{to.customer} is no address for mail: {error}", hopeless=True) from None
    theirs = str(route.get("subject") or "")
    own = str(part.custom.get("subject") or "")
    mail["Subject"] = _one_line(own or (_answering(theirs) if theirs else subject))
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{part.key}@{sender.domain}>"
    if in_reply_to := str(route.get("in_reply_to") or ""):
        mail["In-Reply-To"] = in_reply_to
    if references := route.get("references"):
        mail["References"] = " ".join(map(str, references))
    # So that no program answers, and none answers its answer, for ever (RFC 3834).
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    _fill(mail, part)
    return mail


async def send(account: Account, login: Login, mail: EmailMessage) -> None:
    """Hand a mail to the server.

    Raises:
        SignInRefused: The server does not let us in.
        NotSent: The server does not have it; `hopeless` where it says so for good (5xx).
        MaybeSent: Its answer was lost.
    """
    client = _client(account)
    await _enter(client, account, login)
    try:
        await client.send_message(mail)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _refused(error.recipients[0]) from None
    except aiosmtplib.SMTPSenderRefused as error:  # an operator can mend it
        raise NotSent(_words(error)) from None
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (aiosmtplib.SMTPNotSupported, UnicodeError) as error:
        raise NotSent(f"The mail server cannot take this mail: {error}", hopeless=True) from None
    except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError) as error:
        raise MaybeSent(f"The mail server's answer was lost: {error}") from None
    finally:
        client.close()


async def sign_in(account: Account, login: Login) -> None:
    """See whether the server lets us in.

    Raises:
        SignInRefused: It does not.
        NotSent: It cannot be used.
    """
    client = _client(account)
    await _enter(client, account, login)
    client.close()


def _client(account: Account) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=account.host,
        port=account.port,
        timeout=_SECONDS,
        use_tls=not account.starts_plain,
        start_tls=account.starts_plain,
        tls_context=account.context,
    )


async def _enter(client: aiosmtplib.SMTP, account: Account, login: Login) -> None:
    try:
        await client.connect()
        if login.token:
            await client.auth_xoauth2(login.user, login.token)
        else:
            await client.login(login.user, login.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        client.close()
        raise SignInRefused(_words(error)) from None
    except aiosmtplib.SMTPResponseException as error:
        client.close()
        raise NotSent(_words(error)) from None
    except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError) as error:
        client.close()
        raise NotSent(f"The mail server {account.host} cannot be used: {error}") from None


def _refused(error: Any) -> NotSent:
    return NotSent(_words(error), hopeless=error.code >= 500)


def _words(error: Any) -> str:
    return f"The mail server answered {error.code}: {_one_line(str(error.message))}"


def _fill(mail: EmailMessage, part: Part) -> None:
    custom: Mapping[str, Any] = part.custom
    text = str(custom.get("text") or "") or part.text or part.url
    html = str(custom.get("html") or "")
    if not text and not html:
        raise NotSent("A mail needs `text` or `html`.", hopeless=True)
    if text:
        mail.set_content(text)
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")


def _answering(subject: str) -> str:
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_SUBJECT_CHARACTERS]
