"""Shows supervisors as it happens what the bot does: who is at risk, and one conversation."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from socketio import AsyncServer
from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.floor import risk
from rasa_project.desk.people import roles
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent, Message
from rasa_project.desk.tickets import transcript
from rasa_project.lanes import woken

logger = logging.getLogger(__name__)

# Many things at once are told together.
_SETTLE_SECONDS: Final = 0.3
# Somebody who was at risk and has said nothing for long leaves the list without a word.
_LOOK_SECONDS: Final = 20.0


class FloorLive:
    """The pages on which a supervisor has the live view open.

    Events taken: `look` with `{"conversation": id or null}`, answered by all there is to see, and
    `look_away`. Events sent: `floor` (conversations at risk) and `watched` (a conversation, and
    what is new in it). Who reads along is written into the audit log.

    Args:
        store: The desk's store.
        sio: The server that the pages are connected to.
        who: Tells whose page it is.
    """

    def __init__(
        self, store: Store, sio: AsyncServer, who: Callable[[str], Identity | None]
    ) -> None:
        self._store = store
        self._sio = sio
        self._who = who
        self._pages: dict[str, str | None] = {}  # the conversation that each reads along in
        self._messages: set[int] = set()
        self._shown: list[dict[str, Any]] | None = None
        self._news = asyncio.Event()
        sio.on("look", self._look)
        sio.on("look_away", self.leave)

    def changed(self, messages: Iterable[int]) -> None:
        """Take notice of a change, and of the messages that are new or different."""
        if self._pages:
            self._messages.update(messages)
            self._news.set()

    async def leave(self, sid: str, *_: Any) -> None:
        """Tell a page no more."""
        self._pages.pop(sid, None)

    async def run(self) -> None:
        """Tell the pages what changes, for ever."""
        while True:
            await woken(self._news, _LOOK_SECONDS)
            await asyncio.sleep(_SETTLE_SECONDS)
            self._news.clear()
            try:
                if self._pages:
                    await self._tell()
            except Exception:  # a locked or full disk passes; the pages show what they have
                logger.exception("The live view could not be brought up to date.")

    async def _look(self, sid: str, wanted: Any = None) -> dict[str, Any]:
        conversation = wanted.get("conversation") if isinstance(wanted, dict) else None
        conversation = conversation if isinstance(conversation, str) else None
        identity = self._who(sid)
        if identity is None:
            return {"error": "Sign in first.", "code": "signed_out"}
        try:
            found = await asyncio.to_thread(self._begin, identity, conversation)
        except RequestError as refused:
            return refused.as_json()
        self._pages[sid] = conversation
        return found

    def _begin(self, identity: Identity, conversation: str | None) -> dict[str, Any]:
        now = time.time()
        with self._store.read() as session:
            if identity.agent_id not in _supervisors(session):
                raise RequestError(403, "role", "This is for supervisors.")
            watched = None if conversation is None else risk.watch(session, conversation)
            found = {"risk": risk.at_risk(session, now), "watched": watched, "now": now}
        self._write_down(identity, conversation)
        return found

    async def _tell(self) -> None:
        messages, self._messages = self._messages, set()
        pages = {sid: (self._who(sid), watched) for sid, watched in self._pages.items()}
        watched = {conversation for _, conversation in pages.values() if conversation is not None}
        allowed, at_risk, said = await asyncio.to_thread(self._read, messages, watched)
        for sid, (identity, conversation) in pages.items():
            if identity is None or identity.agent_id not in allowed:
                await self.leave(sid)
                continue
            if at_risk != self._shown:
                await self._sio.emit("floor", {"risk": at_risk}, to=sid)
            if news := said.get(conversation or ""):
                await asyncio.to_thread(self._write_down, identity, conversation)
                await self._sio.emit("watched", news, to=sid)
        self._shown = at_risk

    def _read(
        self, messages: set[int], watched: set[str]
    ) -> tuple[set[int], list[dict[str, Any]], dict[str, dict[str, Any]]]:
        with self._store.read() as session:
            said = {}
            for conversation in watched if messages else ():
                new = transcript.of_ids(session, messages, Message.conversation_id == conversation)
                if new:
                    said[conversation] = {"conversation": conversation, "messages": new}
            return _supervisors(session), risk.at_risk(session, time.time()), said

    def _write_down(self, identity: Identity, conversation: str | None) -> None:
        if conversation is None:
            return
        with self._store.read() as session:
            known = risk.is_recorded(session, conversation, identity)
        if not known:
            with self._store.write() as session:
                risk.record(session, conversation, identity)


def _supervisors(session: Any) -> set[int]:
    """Return who may look just now: a role counts from the moment in which it is given."""
    leading = [role for role in roles.ROLES if roles.covers(role, roles.SUPERVISOR)]
    query = select(Agent.id).where(Agent.role.in_(leading), Agent.disabled_at.is_(None))
    return set(session.scalars(query))
