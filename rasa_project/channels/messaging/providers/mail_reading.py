"""A mail as it lies in the mailbox, as a customer's turn."""

from __future__ import annotations

import codecs
import email
import email.utils
import itertools
import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from rasa_project.channels.messaging.providers import mail_origin, mail_text
from rasa_project.channels.messaging.providers.mail_origin import header
from rasa_project.channels.messaging.turn import Attachment, AttachmentKind, Turn

# Whose Message-ID is older goes; mail programs find the thread by the latest ones (RFC 5322).
_REFERENCES: Final = 20
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{3,250}>")
_ATTACHMENTS: Final = 20
_PARTS: Final = 200
_BOUNDARIES: Final = 2000
_NESTED: Final = 100
_DESCRIPTION_BYTES: Final = 4000
_DESCRIPTION: Final = re.compile(
    rb"^content-(?:type|disposition)[^\n]*(?:\n[ \t][^\n]*)*", re.MULTILINE | re.IGNORECASE
)
# Python knows further codecs, some of which take long, or mean no text.
_CHARSET: Final = re.compile(
    r"utf-8|utf-16(?:-[bl]e)?|ascii|iso8859-\d+|cp\d+|gb\w+|hz|big5\w*|euc_\w+|shift_jis\w*|"
    r"iso2022_\w+|koi8-\w|tis-620|mac-roman"
)
_KINDS: Final[dict[str, AttachmentKind]] = {"image": "image", "audio": "audio", "video": "video"}


@dataclass(frozen=True)
class Stored:
    """A mail in the mailbox.

    Attributes:
        uid: Its number there; a later one has a higher number.
        validity: Of the numbers: they begin anew when this changes (RFC 3501).
        raw: Its bytes, or the beginning of them.
        size: Of the whole mail, in bytes.
    """

    uid: int
    validity: int
    raw: bytes
    size: int


class NoTurn(Exception):
    """A mail is not to be answered; the message says what it is."""


def read(stored: Stored, own: str, trusted_server: str | None) -> Turn:
    """Read a mail.

    Args:
        stored: The mail.
        own: Our own address, in lower case.
        trusted_server: See `mail_origin.proven`; with none, every sender is believed.

    Raises:
        NoTurn: It is not to be answered.
    """
    _require_modest(stored.raw)
    # With its older policy: the newer one takes minutes for addresses made to keep it busy.
    mail = email.message_from_bytes(stored.raw)
    if why := mail_origin.automatic(mail, own):
        raise NoTurn(why)
    sender = mail_origin.sender(mail)
    if not sender:
        raise NoTurn("a mail without one sender")
    if trusted_server is not None and not mail_origin.proven(mail, trusted_server):
        raise NoTurn(f"a mail whose sender {trusted_server} did not prove")
    found = _MESSAGE_ID.search(header(mail, "Message-ID"))
    message_id = found[0] if found else ""
    subject = header(mail, "Subject")[:500]
    return Turn(
        # By the sender too, so that nobody else's mail is taken for one that came before.
        id=f"{sender} {message_id or f'{stored.validity}.{stored.uid}'}",
        customer=sender,
        text=_words(mail) or subject,
        order=float(stored.uid),
        sent_at=_sent_at(mail),
        attachments=tuple(_attachments(mail, stored)),
        language=header(mail, "Content-Language").partition(",")[0].strip()[:20],
        name=mail_origin.sender_name(mail),
        route={
            "subject": subject,
            "in_reply_to": message_id,
            "references": _references(mail, message_id),
        },
        extra={"subject": subject} if subject else {},
    )


def attachment(stored: Stored, number: int) -> bytes | None:
    """Return what is attached to a mail at a place of its parts, none where nothing is."""
    _require_modest(stored.raw)
    mail = email.message_from_bytes(stored.raw)
    part = next(itertools.islice(mail.walk(), number, None), None)
    content = None if part is None or part.is_multipart() else part.get_payload(decode=True)
    return content if isinstance(content, bytes) else None


def _words(mail: Message) -> str:
    plain, page = _body(mail, "plain"), _body(mail, "html")
    if plain is not None:
        flowed = str(plain.get_param("format", "")).lower() == "flowed"
        text = _content(plain)
        text = mail_text.reply_of(mail_text.unflowed(text) if flowed else text)
        if text:
            return text
    return mail_text.reply_of(mail_text.text_of_html(_content(page))) if page else ""


def _require_modest(raw: bytes) -> None:
    """Hold that a mail can be taken apart in a moment, however it is made.

    Raises:
        NoTurn: It has more parts, or longer descriptions of them, than people's mails have.
    """
    if raw.count(b"\n--") > _BOUNDARIES or raw.lower().count(b"multipart/") > _NESTED:
        raise NoTurn("a mail of too many parts")
    if any(len(match[0]) > _DESCRIPTION_BYTES for match in _DESCRIPTION.finditer(raw)):
        raise NoTurn("a mail with a part that is described at too great length")


def _body(mail: Message, subtype: str) -> Message | None:
    """Return the first text of a kind that is no attachment."""
    for part in itertools.islice(mail.walk(), _PARTS):
        if part.get_content_type() == f"text/{subtype}" and not _is_attachment(part):
            return part
    return None


def _content(part: Message) -> str:
    """Return a text as it was written; what no character set explains becomes a replacement."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        name = codecs.lookup(part.get_content_charset() or "utf-8").name
    except (LookupError, ValueError):
        name = ""
    return raw.decode(name if _CHARSET.fullmatch(name) else "utf-8", "replace")


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _attachments(mail: Message, stored: Stored) -> list[Attachment]:
    found: list[Attachment] = []
    for number, part in enumerate(itertools.islice(mail.walk(), _PARTS)):
        if part.is_multipart() or not _is_attachment(part) or len(found) >= _ATTACHMENTS:
            continue
        payload = part.get_payload(decode=True)
        found.append(
            Attachment(
                kind=_KINDS.get(part.get_content_maintype(), "file"),
                id=f"{stored.validity}.{stored.uid}.{number}",
                name=mail_origin.one_line(part.get_filename() or "")[:200],
                mime_type=part.get_content_type()[:100],
                size=len(payload) if isinstance(payload, bytes) else None,
            )
        )
    return found


def _references(mail: Message, message_id: str) -> list[str]:
    """Return what our answer refers to, the latest last."""
    # Not by `header`: a long thread makes a long header.
    written = " ".join(
        str(value)[-20_000:]
        for key, value in mail.raw_items()
        if key.lower() in {"references", "in-reply-to"}
    )
    found = [*_MESSAGE_ID.findall(written), *([message_id] if message_id else [])]
    return list(dict.fromkeys(reversed(found)))[:_REFERENCES][::-1]


def _sent_at(mail: Message) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(header(mail, "Date")[:100]).timestamp()
    except (IndexError, OverflowError, TypeError, ValueError):  # none, or no calendar has it
        return None
