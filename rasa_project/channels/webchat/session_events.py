"""What happens when a client asks for a session, signs in or logs out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from socketio.exceptions import ConnectionRefusedError as RefusedError

from rasa_project.channels.files.settings import FileSettings
from rasa_project.channels.webchat.identity import Identity
from rasa_project.channels.webchat.output import Publisher, thread_room
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.store import Database, messages, sessions, standings
from rasa_project.channels.webchat.tokens import Session, SessionTokens, new_id
from rasa_project.channels.webchat.visitors import Visitor, Visitors

logger = logging.getLogger(__name__)

# What a page shows at first; older ones as the customer scrolls up.
FIRST_MESSAGES: Final = 50
# What a page may have missed at once; the rest it asks for.
REPLAYED_MESSAGES: Final = 200


class SessionEvents:
    """Lets sockets in, and out again.

    Args:
        sio: The Socket.IO server.
        store: The messages, and which sessions are over.
        tokens: Issues and opens session tokens.
        identity: Checks whom the shop vouches for.
        visitors: The sockets of this process.
        publisher: Words the messages as clients are shown them.
        files: What a page may send beside words, None where nothing.
        offered: What else a page may offer its customer, by name.
    """

    def __init__(
        self,
        sio: Any,
        store: Database,
        tokens: SessionTokens,
        identity: Identity,
        visitors: Visitors,
        publisher: Publisher,
        files: FileSettings | None,
        offered: Mapping[str, Any],
    ) -> None:
        self._sio = sio
        self._store = store
        self._tokens = tokens
        self._identity = identity
        self._visitors = visitors
        self._publisher = publisher
        self._files = files
        self._offered = offered

    async def connect(self, sid: str, environ: dict[str, Any], _auth: object = None) -> None:
        """Lets a socket in, unless its address opens too many."""
        try:
            await self._visitors.arrive(sid, environ)
        except Rejected as rejected:
            told = rejected.told("en")
            raise RefusedError(told["text"], told) from None

    async def disconnect(self, sid: str, *_reason: object) -> None:
        """Forgets a socket."""
        self._visitors.leave(sid)

    async def session_request(self, sid: str, data: object = None) -> dict[str, Any]:
        """Confirms the session whose token the client shows, or starts a fresh one.

        A client that asks for an acknowledgement gets with it what it missed: the messages behind
        its `cursor`, where that is one of this `thread`, else the latest.
        """
        asked = data if isinstance(data, dict) else {}
        visitor = self._visitors.of(sid)
        visitor.language = "zh" if str(asked.get("language", "")).startswith("zh") else "en"
        try:
            await self._visitors.allow_request(sid)
            session, reason = await self._shown(asked.get("session_id"))
            if asked.get("identity") is not None:
                session = await self._identified(session, asked["identity"])
            if session is None:
                await self._visitors.allow_session(visitor)
                session = self._tokens.issue()
            await self.enter(sid, visitor, self._tokens.renewed(session))
            return {"reason": reason, **await self._entered(visitor, asked)}
        except Rejected as rejected:
            return {"error": rejected.reason, **rejected.told(visitor.language)}
        except Exception:
            logger.exception("A session could not be opened.")
            return {"error": "unavailable", **Rejected(None, "unavailable").told(visitor.language)}

    async def log_out(self, sid: str, data: object = None) -> dict[str, Any]:
        """Ends the socket's session, or with `everywhere` all of the customer's."""
        visitor = self._visitors.of(sid)
        session = visitor.session
        if session is None:
            return {"status": "logged_out"}
        everywhere = isinstance(data, dict) and data.get("everywhere") is True
        change = sessions.revoke_all if everywhere else sessions.revoke
        await self._store.write(change, session)
        room = thread_room(visitor.thread or "") if everywhere else session_room(session)
        await self._sio.emit("session_over", {"reason": "logged_out"}, room=room)
        await self.sweep()
        return {"status": "logged_out"}

    async def sweep(self) -> None:
        """Puts out the sockets of this process whose session was ended, here or elsewhere."""
        present = self._visitors.sessions()
        if not present:
            return
        ended = {s.id for s in await self._store.read(sessions.over_among, dict(present).values())}
        for sid, session in present:
            if session.id in ended:
                await self._put_out(sid, session)

    async def enter(self, sid: str, visitor: Visitor, session: Session) -> None:
        """Seats a socket where its session's messages go, and tells the client the token."""
        before, thread_before = visitor.session, visitor.thread
        visitor.session = session  # first: what comes meanwhile belongs here
        visitor.thread = await self._store.read(messages.thread_of, session.sender)
        if before is not None and before.id != session.id:
            await self._sio.leave_room(sid, session_room(before))
        if thread_before is not None and thread_before != visitor.thread:
            await self._sio.leave_room(sid, thread_room(thread_before))
        await self._sio.enter_room(sid, thread_room(visitor.thread))
        await self._sio.enter_room(sid, session_room(session))
        await self._sio.emit("session_confirm", session.token, room=sid)

    async def fresh(self, visitor: Visitor) -> Session:
        """Start a session for a client that speaks without asking for one."""
        await self._visitors.allow_session(visitor)
        visitor.session = self._tokens.issue()
        return visitor.session

    def opened(self, token: object) -> Session:
        """Return the session of a token, unless it is forged or expired; see `open`."""
        return self._tokens.open(token)

    async def _shown(self, token: object) -> tuple[Session | None, str | None]:
        """The session of the token that was shown, or why there is none."""
        if token is None:
            return None, None
        try:
            session = self._tokens.open(token)
        except Rejected as rejected:
            return None, rejected.reason
        if await self._store.read(sessions.is_over, session):
            return None, "over"
        return session, None

    async def _identified(self, session: Session | None, shown: object) -> Session:
        customer = self._identity.verify(shown)
        if session is not None and session.customer:
            known = await self._store.read(sessions.profile_of, session.sender)
            if known == {**customer.profile, "id": customer.id}:
                return session
        guest = None if session is None or session.customer else session
        sender = await self._store.write(
            sessions.identify, customer.id, customer.profile, guest, new_id()
        )
        thread = await self._store.read(messages.thread_of, sender)
        if guest is not None:  # its other tabs show the new token, which the browser keeps
            room = session_room(guest)
            await self._sio.emit("session_over", {"reason": "signed_in"}, room=room)
            page = await self._store.read(messages.page, thread, 1)
            await self._sio.emit("news", {"last": page.last}, room=thread_room(thread))
        if session is not None and session.customer and session.sender == sender:
            return session
        return self._tokens.issue(sender, customer=True)

    async def _entered(self, visitor: Visitor, asked: dict[str, Any]) -> dict[str, Any]:
        assert visitor.session is not None and visitor.thread is not None
        cursor = asked.get("cursor")
        if isinstance(cursor, int) and asked.get("thread") == visitor.thread:
            page = await self._store.read(
                messages.page, visitor.thread, REPLAYED_MESSAGES, max(0, min(cursor, 2**31 - 1))
            )
        else:
            page = await self._store.read(messages.page, visitor.thread, FIRST_MESSAGES)
        return {
            "session": visitor.session.token,
            "thread": visitor.thread,
            "customer": visitor.session.customer,
            **self._publisher.shown_page(page),
            "files": None if self._files is None else self._files.told(),
            **self._offered,
            "standing": await self._store.read(standings.of, visitor.thread),
        }

    async def _put_out(self, sid: str, session: Session) -> None:
        visitor = self._visitors.of(sid)
        await self._sio.leave_room(sid, session_room(session))
        if visitor.thread is not None:
            await self._sio.leave_room(sid, thread_room(visitor.thread))
        visitor.session = visitor.thread = None
        await self._sio.emit("session_over", {"reason": "logged_out"}, room=sid)


def session_room(session: Session) -> str:
    """Name the room of a session's sockets, the tabs of one browser."""
    return f"session {session.id}"
