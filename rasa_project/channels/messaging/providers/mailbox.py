"""A mailbox on an IMAP server (RFC 3501), always over TLS. Blocks; for a thread."""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterable
from typing import Any, Final

from rasa_project.channels.messaging.providers.mail_oauth import Login
from rasa_project.channels.messaging.providers.mail_reading import Stored

SECONDS: Final = 30.0
# Of one mail; what comes behind is left there. Mail servers take 25 MiB or so.
MAX_BYTES: Final = 10 * 1024 * 1024
# Of one that is read for what is attached to it, which some services take twice as much of.
MAX_WHOLE_BYTES: Final = 50 * 1024 * 1024
AT_A_TIME: Final = 20  # until the connection is tried again for new ones
# Our own mark on what was kept. A person who opens a mail does not set it.
_TAKEN: Final = "AttuneTaken"
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The server refuses; the message says what."""


class SignInError(MailboxError):
    """The server does not know the password, or the token is not good any more."""


class Mailbox:
    r"""A folder of a mailbox, signed in.

    What was dealt with bears a mark on the server, which outlives this process; where the server
    keeps no marks of others, `\Seen` stands for it.

    Args:
        host: The server.
        port: For TLS from the first byte.
        login: Who signs in.
        folder: Such as `INBOX`.
        context: Whom to trust.

    Raises:
        SignInError: The server does not let us in.
        MailboxError: It refuses something else.
        OSError: It cannot be reached, or nobody vouches for it.
    """

    def __init__(
        self, host: str, port: int, login: Login, folder: str, context: ssl.SSLContext
    ) -> None:
        self._imap = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SECONDS)
        self._folder = folder
        try:
            self._sign_in(login)
            self._ask(f"the folder {folder}", self._imap.select, _quoted(folder))
            self.validity = int(self._told("UIDVALIDITY") or 0)
            self._marks = b"\\*" in self._told("PERMANENTFLAGS")
            self._leave_what_was_read_before()
        except BaseException:
            self.close()
            raise

    def waiting(self) -> list[int]:
        """Return the numbers of the mails that nobody dealt with, the oldest first."""
        self._ask("a sign of life", self._imap.noop)  # new mail shows after it
        return self._search(f"UNKEYWORD {_TAKEN}" if self._marks else "UNSEEN")

    def fetch(self, uid: int, most: int = MAX_BYTES) -> Stored | None:
        """Return a mail, none where it is gone; nothing changes on the server.

        Args:
            uid: Its number.
            most: Bytes; what comes behind is left there.
        """
        what = f"(RFC822.SIZE BODY.PEEK[]<0.{most}>)"
        data = self._ask("a mail", self._imap.uid, "FETCH", str(uid), what)
        for item in data:
            if isinstance(item, tuple) and len(item) == 2:
                size = _SIZE.search(item[0])
                raw = item[1]
                return Stored(uid, self.validity, raw, int(size[1]) if size else len(raw))
        return None

    def mark(self, uid: int, answered: bool) -> None:
        """Note on the server that a mail was dealt with.

        Args:
            uid: Its number.
            answered: It goes on as a turn; else it stays unread for people, where marks are kept.
        """
        flags = [_TAKEN] if self._marks else []
        if answered or not self._marks:
            flags.append("\\Seen")
        self._ask(
            "a mark", self._imap.uid, "STORE", str(uid), "+FLAGS.SILENT", f"({' '.join(flags)})"
        )

    def close(self) -> None:
        """Leave."""
        try:
            self._imap.logout()
        except (OSError, imaplib.IMAP4.error):
            self._imap.shutdown()

    def abandon(self) -> None:
        """Drop the connection at once; whoever waits for it in another thread is told."""
        with contextlib.suppress(OSError):
            self._imap.shutdown()

    def _sign_in(self, login: Login) -> None:
        try:
            if login.token:
                # A server that refuses says why first, and wants an empty answer to that.
                answers = iter([login.xoauth2()])
                self._ask(
                    "the sign-in", self._imap.authenticate, "XOAUTH2",
                    lambda _said: next(answers, b""),
                )  # fmt: skip
                return
            # The library quotes the password, and nothing else.
            user, password = _quoted(login.user), _ascii(login.password)
            self._ask("the sign-in", self._imap.login, user, password)
        except MailboxError as error:
            raise SignInError(str(error)) from None

    def _leave_what_was_read_before(self) -> None:
        """Mark what people had read before we came to this mailbox for the first time."""
        if not self._marks or self._search(f"KEYWORD {_TAKEN}"):
            return
        for uids in _chunks(self._search("SEEN"), 500):
            numbers = ",".join(map(str, uids))
            self._ask("a mark", self._imap.uid, "STORE", numbers, "+FLAGS.SILENT", f"({_TAKEN})")

    def _search(self, criterion: str) -> list[int]:
        found = self._ask("a search", self._imap.uid, "SEARCH", *criterion.split())
        return sorted(int(uid) for line in found if line for uid in line.split())

    def _told(self, name: str) -> bytes:
        """Return what the server said of its own accord when the folder was opened."""
        _, data = self._imap.response(name)
        return next((line for line in data or [] if line), b"")

    def _ask(self, what: str, command: Any, *words: Any) -> list[Any]:
        try:
            status, data = command(*words)
        except imaplib.IMAP4.abort as error:
            raise OSError(f"the connection ended: {error}") from None
        except imaplib.IMAP4.error as error:
            raise MailboxError(f"The mail server refuses {what}: {_words([error])}") from None
        if status != "OK":
            raise MailboxError(f"The mail server refuses {what}: {_words(data)}")
        return list(data)


def _words(data: Iterable[Any]) -> str:
    said = " ".join(str(one.decode("utf-8", "replace") if isinstance(one, bytes) else one)
                    for one in data)  # fmt: skip
    return said.removeprefix("b'").rstrip("'")[:200]


def _quoted(text: str) -> str:
    escaped = _ascii(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _ascii(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise MailboxError("Name, password and folder of a mailbox must be plain ASCII.")
    return text


def _chunks(uids: list[int], size: int) -> Iterable[list[int]]:
    return (uids[at : at + size] for at in range(0, len(uids), size))
