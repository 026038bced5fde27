"""Where the desk says how customers stand who wait for a person.

    POST /desk/standings {"standings": {"<conversation>": {…} or null, …}}

A standing is `{"state": "queued", "place": 2, "wait": [5, 10], "says": {"en": …, "zh": …}}` or,
where nobody is there, `{"state": "closed" or "nobody", "opens": …, "says": …, "hours": {"en":
[["Mon–Fri", "09:00–17:00"], …], "zh": …}, "zone": …, "left": …}`; null ends it. Pages show it as it
is: nothing of it becomes an event of the conversation.
"""

from __future__ import annotations

import json as json_text
from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.channels.desk_door import DeskDoor, is_conversation
from rasa_project.channels.webchat.output import thread_room
from rasa_project.channels.webchat.store import Database, standings

MOST: Final = 500  # at a time
_MAX_CHARACTERS: Final = 4_000
_STATES: Final = frozenset({"queued", "closed", "nobody"})


class StandingRoutes:
    """Takes what the desk says, and tells the pages that it is about.

    Args:
        sio: The Socket.IO server; its manager reaches the pages on all hosts.
        store: Where it is kept.
        door: Lets the desk in.
    """

    def __init__(self, sio: Any, store: Database, door: DeskDoor) -> None:
        self._sio = sio
        self._store = store
        self._door = door

    def add(self, blueprint: Blueprint) -> None:
        """Add the route."""

        async def desk_standings(request: Request) -> HTTPResponse:
            self._door.admit(request)
            return await self._take(request.json)

        blueprint.add_route(desk_standings, "/desk/standings", methods=["POST"])

    async def _take(self, told: Any) -> HTTPResponse:
        given = told.get("standings") if isinstance(told, dict) else None
        if not isinstance(given, dict) or len(given) > MOST or not all(map(_fits, given.items())):
            says = f"`standings` must be at most {MOST} standings by their conversations."
            return json({"error": says}, status=400)
        news = await self._store.write(standings.put, given)
        for thread, standing in news.items():
            # A null by itself would be no argument at all.
            await self._sio.emit("standing", (standing,), room=thread_room(thread))
        return json({"changed": len(news)})


def _fits(item: tuple[str, Any]) -> bool:
    conversation, standing = item
    if not is_conversation(conversation):
        return False
    if standing is None:
        return True
    return (
        isinstance(standing, dict)
        and standing.get("state") in _STATES
        and len(json_text.dumps(standing)) <= _MAX_CHARACTERS
    )
