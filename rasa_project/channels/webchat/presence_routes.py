"""What the desk and a customer's page know of each other: typing, presence, read marks.

    POST /desk/presence {"conversation": …, "agent": …, "typing": …, "looking": …}

All of it holds for seconds: nothing becomes an event of the conversation, and no turn waits for it.
"""

from __future__ import annotations

from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.channels.desk_door import DeskDoor, is_conversation
from rasa_project.channels.webchat.output import thread_room
from rasa_project.channels.webchat.store import Database, presence

_MAX_NAME_CHARACTERS: Final = 80


class PresenceRoutes:
    """Tells pages of the agent, and the desk of the customer.

    Args:
        sio: The Socket.IO server; its manager reaches the pages on all hosts.
        store: Where it is noted who is there.
        door: Lets the desk in.
    """

    def __init__(self, sio: Any, store: Database, door: DeskDoor) -> None:
        self._sio = sio
        self._store = store
        self._door = door

    def add(self, blueprint: Blueprint) -> None:
        """Add the route."""

        async def desk_presence(request: Request) -> HTTPResponse:
            self._door.admit(request)
            return await self._exchange(request.json)

        blueprint.add_route(desk_presence, "/desk/presence", methods=["POST"])

    async def _exchange(self, told: Any) -> HTTPResponse:
        asked = told if isinstance(told, dict) else {}
        conversation, agent = asked.get("conversation"), asked.get("agent")
        if not is_conversation(conversation):
            return json({"error": "`conversation` must be a conversation's id."}, status=400)
        found = await self._store.read(presence.of, conversation)
        room = thread_room(found.pop("thread"))
        heard = found.pop("heard")
        if isinstance(agent, str) and isinstance(asked.get("typing"), bool):
            typing = {"agent": agent[:_MAX_NAME_CHARACTERS], "typing": asked["typing"]}
            await self._sio.emit("agent_typing", typing, room=room)
        if asked.get("looking") is True and heard is not None:
            await self._sio.emit("messages_read", {"until": heard}, room=room)
        return json(found)
