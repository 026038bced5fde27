"""The route by which an agent's page and a customer's know of each other, for seconds."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

import aiohttp
from pydantic import StrictBool

from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.transitions import find_ticket

_PATH: Final = "{channel}/desk/presence"
_CHANNEL: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")  # it becomes a part of an address
_SECONDS: Final = 5.0
_CHAT: Final = "webchat"
_UNKNOWN: Final[dict[str, Any]] = {"known": False}


class Doing(Body):
    """What the agent does just now; `typing` is left out where nothing changed."""

    typing: StrictBool | None = None
    looking: StrictBool = False


class PresenceApi(Area):
    """The route."""

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route(
                "POST", "/tickets/<ticket_id:int>/presence", self._presence,
                "Say what the agent does, and hear what the customer does.", body=Doing,
                tokens=False,
            )
        ]  # fmt: skip

    async def _presence(self, call: Call, ticket_id: int) -> dict[str, Any]:
        conversation, channel, mine = await self._workshop.read(_situation, ticket_id, call.who)
        if not _CHANNEL.fullmatch(channel or "") or (channel != _CHAT and not mine):
            return _UNKNOWN
        told: dict[str, Any] = {"conversation": conversation}
        if mine:  # others look on unseen
            told |= {"agent": call.who.display_name, "looking": call.body.looking}
            told |= {} if call.body.typing is None else {"typing": call.body.typing}
        if channel != _CHAT and not told.get("typing"):
            return _UNKNOWN  # of other channels' customers nobody knows more than what they say
        path, timeout = _PATH.format(channel=channel), aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with self._workshop.rasa.ask("POST", path, json=told, timeout=timeout) as answer:
                if answer.status != 200 or channel != _CHAT:
                    return _UNKNOWN
                return {"known": True, **await answer.json()}
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return _UNKNOWN  # it is of no weight, and is asked again in a moment


def _situation(session: Any, ticket_id: int, who: Identity) -> tuple[str, str | None, bool]:
    ticket = find_ticket(session, ticket_id)
    mine = ticket.state == states.AGENT and ticket.agent_id == who.agent_id
    return ticket.conversation_id, ticket.conversation.channel, mine
