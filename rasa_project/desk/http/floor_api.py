"""Routes for the supervisors' live view: risk, silent watch, stepping in."""

from __future__ import annotations

import time
from typing import Any

from pydantic import StrictStr

from rasa_project.desk.floor import risk, stepping_in
from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.people import roles
from rasa_project.desk.tickets import views
from rasa_project.desk.tickets.changes import Changes


class Which(Body):
    """A conversation, by Rasa's id."""

    conversation: StrictStr


class FloorApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                "GET", "/floor", self._floor, "List conversations with the bot that are at risk.",
                roles.SUPERVISOR, answer=answers.Floor,
            ),
            Route(
                "GET", "/floor/watch", self._watch,
                "Read along in one conversation; that is written down.",
                roles.SUPERVISOR, query=Which, answer=answers.Watched,
            ),
            Route(
                "POST", "/floor/take-over", self._take_from_bot,
                "Take a conversation from the bot.", roles.SUPERVISOR, body=Which,
                answer=answers.Conversation,
            ),
            Route(
                "POST", "/floor/tickets/<ticket_id:int>/take-over", self._take_from_colleague,
                "Take a conversation from a colleague.", roles.SUPERVISOR,
                answer=answers.Conversation,
            ),
        ]  # fmt: skip

    async def _floor(self, _call: Call) -> dict[str, Any]:
        now = time.time()
        return {"risk": await self._workshop.read(risk.at_risk, now), "now": now}

    async def _watch(self, call: Call) -> dict[str, Any]:
        conversation = call.query.conversation

        def record(session: Any) -> Changes:
            risk.record(session, conversation, call.who)
            return Changes()

        found = await self._workshop.read(risk.watch, conversation)
        if not await self._workshop.read(risk.is_recorded, conversation, call.who):
            await self._workshop.change(record)
        return {**found, "now": time.time()}

    async def _take_from_bot(self, call: Call) -> dict[str, Any]:
        return await self._taken(stepping_in.take_from_bot, call.body.conversation, call)

    async def _take_from_colleague(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._taken(stepping_in.take_from_colleague, ticket_id, call)

    async def _taken(self, take: Any, which: str | int, call: Call) -> dict[str, Any]:
        changes = await self._workshop.change(take, which, call.who)
        (ticket_id,) = changes.tickets
        return dict(await self._workshop.read(views.ticket, ticket_id))
