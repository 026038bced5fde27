"""Gives customers their conversation to keep: as a file, and by mail."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.providers import mail_sending
from rasa_project.channels.webchat import transcripts
from rasa_project.channels.webchat.incoming import MAX_ID_CHARACTERS
from rasa_project.channels.webchat.mail_settings import MailSettings
from rasa_project.channels.webchat.output import thread_room
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.store import Database, mails, messages, sessions
from rasa_project.channels.webchat.store.mails import Asked
from rasa_project.channels.webchat.transcripts import Paper
from rasa_project.channels.webchat.visitors import Visitor, Visitors
from rasa_project.lanes import woken

logger = logging.getLogger(__name__)

_MAX_ADDRESS_CHARACTERS: Final = 254  # RFC 5321, section 4.5.3.1.3, without the brackets
MOST_MESSAGES: Final = 5_000  # of a conversation on paper
_ATTEMPTS: Final = 5
_FIRST_WAIT_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 15.0


class Mails:
    """Takes what customers ask for, and sends it.

    Args:
        sio: The Socket.IO server.
        store: The messages, and what is to be sent.
        visitors: The sockets of this process.
        settings: The mail server; None where nothing is mailed.
    """

    def __init__(
        self, sio: Any, store: Database, visitors: Visitors, settings: MailSettings | None
    ) -> None:
        self._sio = sio
        self._store = store
        self._visitors = visitors
        self._settings = settings
        self._new = asyncio.Event()

    async def mail_transcript(self, sid: str, data: object = None) -> dict[str, Any]:
        """Take note that the socket's own conversation is to be mailed to an `address`.

        Who asks again for what is settled is told once more: the first word may have been lost.
        """
        visitor = self._visitors.of(sid)
        asked = data if isinstance(data, dict) else {}
        try:
            state = await self._take(visitor, asked)
        except Rejected as rejected:
            return {"status": "rejected", **rejected.told(visitor.language)}
        except Exception:
            logger.exception("A conversation that is to be mailed could not be noted.")
            return {"status": "failed", **Rejected(None, "unavailable").told(visitor.language)}
        self._new.set()
        if state in (mails.SENT, mails.FAILED):
            await self._tell(asked["id"], state, sid)
        return {"status": "accepted"}

    async def save_transcript(self, sid: str, data: object = None) -> dict[str, Any]:
        """Acknowledges with the socket's own conversation as `content`: text, or as a page."""
        visitor = self._visitors.of(sid)
        asked = data if isinstance(data, dict) else {}
        names = asked.get("names")
        try:
            await self._visitors.allow_request(sid)
            thread = await self._require_thread(visitor)
            page = await self._store.read(messages.page, thread, MOST_MESSAGES)
        except Rejected as rejected:
            return {"error": rejected.reason, **rejected.told(visitor.language)}
        zone = transcripts.known_zone(asked.get("zone") or "UTC")
        named = names if isinstance(names, dict) else {}
        paper = Paper(page.messages, visitor.language, zone, named)
        return {"content": paper.page() if asked.get("kind") == "html" else paper.plain()}

    async def run(self) -> None:
        """Send for ever what is due."""
        while self._settings is not None:
            self._new.clear()
            try:
                while (asked := await self._store.write(mails.claim)) is not None:
                    await self._send(asked, self._settings)
            except Exception:
                logger.exception("Conversations could not be mailed; it is tried again.")
            await woken(self._new, _POLL_SECONDS)

    async def _take(self, visitor: Visitor, asked: dict[str, Any]) -> str:
        """Note a mail; returns what has become of it, asked for now or before."""
        mail_id, address = asked.get("id"), asked.get("address")
        if self._settings is None:
            raise Rejected(None, "no_mail")
        thread = await self._require_thread(visitor)
        if not isinstance(mail_id, str) or not 0 < len(mail_id) <= MAX_ID_CHARACTERS // 2:
            raise Rejected(None, "wrong_type")
        if not isinstance(address, str) or not _is_address(address.strip()):
            raise Rejected(None, "mail_address")
        known = await self._store.read(mails.state_of, mail_id, thread)
        if known is not None:  # and costs no more
            return known
        assert visitor.session is not None  # or there were no thread
        await self._visitors.allow_mail(visitor.session, visitor.address)
        await self._store.write(
            mails.ask, mail_id, thread, address.strip().lower(), visitor.language,
            transcripts.known_zone(asked.get("zone") or "UTC"),
        )  # fmt: skip
        return mails.WAITING

    async def _tell(self, mail_id: str, state: str, room: str) -> None:
        await self._sio.emit("transcript_mailed", {"id": mail_id, "status": state}, room=room)

    async def _require_thread(self, visitor: Visitor) -> str:
        if visitor.session is None or visitor.thread is None:
            raise Rejected(None, "session")
        if await self._store.read(sessions.is_over, visitor.session):
            raise Rejected(None, "over")
        return visitor.thread

    async def _send(self, asked: Asked, settings: MailSettings) -> None:
        page = await self._store.read(messages.page, asked.thread, MOST_MESSAGES)
        state, after = mails.SENT, 0.0
        try:
            paper = Paper(page.messages, asked.language, asked.zone)
            mail = transcripts.compose(asked.id, settings.sender, asked.address, paper)
            await mail_sending.send(settings.account, settings.login, mail)
        except NotSent as error:
            again = not error.hopeless and asked.attempts < _ATTEMPTS
            state = mails.WAITING if again else mails.FAILED
            after = _FIRST_WAIT_SECONDS * 2**asked.attempts
            logger.warning("A conversation was not mailed: %s", error)
        except MaybeSent as error:  # once more might be twice
            state = mails.FAILED
            logger.warning("Nobody knows whether a conversation was mailed: %s", error)
        await self._store.write(mails.settle, asked.id, state, after)
        if state != mails.WAITING:
            await self._tell(asked.id, state, thread_room(asked.thread))


def _is_address(address: str) -> bool:
    return (
        len(address) <= _MAX_ADDRESS_CHARACTERS
        and address.isascii()
        and mail_sending.ADDRESS.fullmatch(address) is not None
    )
