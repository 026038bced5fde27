"""Pushes what changes to the pages of signed-in agents, over Socket.IO."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from rasa_project.desk.http.floor_live import FloorLive
from rasa_project.desk.http.routing import COOKIE
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.store.database import Store
from rasa_project.desk.tickets import views
from rasa_project.desk.tickets.changes import Changes

logger = logging.getLogger(__name__)

_AGENTS = "agents"
# A session may also be ended from the command line; its pages must not look on for long.
_SWEEP_SECONDS = 1.0
# Whoever reloads the page, loses the network for a moment or finds the desk restarted is still
# there.
_GRACE_SECONDS = 60.0


class Live:
    """The open pages.

    Events sent: `tickets` (a list of summaries), `messages` (a list of messages) and `casework`
    (ids of tickets with other notes or corrections). A page that was away asks for everything
    anew, so nothing has to be replayed.

    Args:
        store: The desk's store.
        sessions: Of the agents whose pages these are.

    Attributes:
        on_change: Called without waiting whenever something changed.
        floor: The live view of supervisors.
    """

    def __init__(self, store: Store, sessions: Sessions) -> None:
        self._store = store
        self._sessions = sessions
        # Engine.IO takes connections from this server's own pages only, unless told otherwise.
        self.sio = AsyncServer(async_mode="sanic")
        self._pages: dict[str, Identity] = {}
        self._left_at: dict[int, float] = {}
        self._began_at = time.monotonic()
        self.on_change: list[Callable[[], None]] = []
        self._untold = Changes()
        self._telling = asyncio.Lock()
        self.floor = FloorLive(store, self.sio, self._pages.get)
        self.sio.on("connect", self._connect)
        self.sio.on("disconnect", self._disconnect)

    async def publish(self, changes: Changes) -> None:
        """Tell all pages what changed; never fails, since the change itself is done.

        One telling at a time: what was read first is told first, or a page would go back to an
        older state and stay there. What changes meanwhile goes out together after it.
        """
        if changes:
            for hear in self.on_change:
                hear()
            self.floor.changed(changes.messages)
        if not changes or not self._pages:
            return
        self._untold |= changes
        async with self._telling:
            changes, self._untold = self._untold, Changes()
            if changes:
                await self._tell(changes)

    async def _tell(self, changes: Changes) -> None:
        try:
            tickets, messages = await asyncio.to_thread(self._load, changes)
            if messages:
                await self.sio.emit("messages", messages, room=_AGENTS)
            if tickets:
                await self.sio.emit("tickets", tickets, room=_AGENTS)
            if changes.casework:
                await self.sio.emit("casework", sorted(changes.casework), room=_AGENTS)
        except Exception:
            logger.exception("A change could not be shown live; pages have it after a reload.")

    def present(self) -> set[int]:
        """Return the ids of the agents who have the page open, or had a moment ago."""
        since = time.monotonic() - _GRACE_SECONDS
        here = {identity.agent_id for identity in self._pages.values()}
        return here | {agent for agent, left_at in self._left_at.items() if left_at > since}

    def anybody(self) -> bool:
        """Say whether anybody is there, as far as can be known so soon after the start."""
        return bool(self.present()) or time.monotonic() < self._began_at + _GRACE_SECONDS

    async def end(self, session: str) -> None:
        """Close the pages of a session that was signed out."""
        for sid, identity in list(self._pages.items()):
            if identity.session == session:
                await self.sio.disconnect(sid)

    async def end_ended(self) -> None:
        """Close the pages whose session has ended, by time or by hand."""
        open_now = {identity.session for identity in self._pages.values()}
        if open_now:
            alive = await asyncio.to_thread(self._sessions.alive, open_now)
            for session in open_now - alive:
                await self.end(session)

    async def sweep(self) -> None:
        """Close pages whose session has ended, for ever."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                await self.end_ended()
            except Exception:  # a locked or full disk passes
                logger.exception("The sessions cannot be read; the desk tries again.")

    def _load(self, changes: Changes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        with self._store.read() as session:
            return views.changed(session, changes)

    async def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        token = _token(environ.get("HTTP_COOKIE", ""))
        identity = await asyncio.to_thread(self._sessions.find, token)
        if identity is None or identity.must_change_password:
            raise SocketRefused("Sign in first.")
        self._pages[sid] = identity
        await self.sio.enter_room(sid, _AGENTS)

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        await self.floor.leave(sid)
        identity = self._pages.pop(sid, None)
        if identity is not None:
            self._left_at[identity.agent_id] = time.monotonic()


def _token(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None
