"""Pushes what changes to the pages of signed-in agents, over Socket.IO."""

from __future__ import annotations

import asyncio
import logging
import time
from http.cookies import CookieError, SimpleCookie
from typing import Any

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from rasa_project.desk import sign_in, views
from rasa_project.desk.changes import Changes
from rasa_project.desk.sign_in import Identity
from rasa_project.desk.store import Store

logger = logging.getLogger(__name__)

COOKIE = "attune_desk"
_AGENTS = "agents"
_SWEEP_SECONDS = 30.0


class Live:
    """The open pages.

    Events sent: `tickets` (a list of summaries) and `messages` (a list of messages). A page that
    was away asks for everything anew, so nothing has to be replayed.

    Args:
        store: The desk's store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # Engine.IO takes connections from this server's own pages only, unless told otherwise.
        self.sio = AsyncServer(async_mode="sanic")
        self._pages: dict[str, Identity] = {}
        self.sio.on("connect", self._connect)
        self.sio.on("disconnect", self._disconnect)

    async def publish(self, changes: Changes) -> None:
        """Tell all pages what changed; never fails, since the change itself is done."""
        if not changes or not self._pages:
            return
        try:
            tickets, messages = await asyncio.to_thread(self._load, changes)
            if messages:
                await self.sio.emit("messages", messages, room=_AGENTS)
            if tickets:
                await self.sio.emit("tickets", tickets, room=_AGENTS)
        except Exception:
            logger.exception("A change could not be shown live; pages have it after a reload.")

    async def end(self, session: str) -> None:
        """Close the pages of a session that was signed out."""
        for sid, identity in list(self._pages.items()):
            if identity.session == session:
                await self.sio.disconnect(sid)

    async def sweep(self) -> None:
        """Close pages whose session has ended, for ever."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            now = time.time()
            for identity in {id(entry): entry for entry in self._pages.values()}.values():
                if identity.expires_at <= now:
                    await self.end(identity.session)

    def _load(self, changes: Changes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        with self._store.read() as session:
            return views.changed(session, changes)

    async def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        token = _token(environ.get("HTTP_COOKIE", ""))
        identity = await asyncio.to_thread(sign_in.find, self._store, token)
        if identity is None or identity.must_change_password:
            raise SocketRefused("Sign in first.")
        self._pages[sid] = identity
        await self.sio.enter_room(sid, _AGENTS)

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        self._pages.pop(sid, None)


def _token(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None
