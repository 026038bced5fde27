"""Routes for tickets: the lists, one conversation, and what agents do with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field, StrictStr

from rasa_project.attachments import MOST
from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import LARGEST, Body, Call, Route
from rasa_project.desk.tickets import outcomes, transcript, views, work
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.outcome_kinds import OUTCOMES


class View(Body):
    """Which list, and where its page begins: behind the last ticket of the page before.

    `after` is that ticket's id; `after_key` is its `sort_key`, in the closed list its `closed_at`.
    """

    view: Literal["open", "closed"] = "open"
    after: int | None = Field(None, ge=0, le=LARGEST)
    after_key: float | None = Field(None, gt=-1e15, lt=1e15)


class Before(Body):
    """Up to which message, by its id."""

    before: int = Field(..., ge=0, le=LARGEST)


class Answer(Body):
    """What an agent says; the page makes the id, so that sending it again never doubles it."""

    id: StrictStr
    text: StrictStr
    files: list[StrictStr] = Field(default=[], max_items=MOST)


class Resolution(Body):
    """What the customer reads, and how it ended; all may be empty."""

    note: StrictStr
    outcome: Literal[OUTCOMES] | None = None  # type: ignore[valid-type]  # a tuple of literals
    detail: StrictStr = ""


class Note(Body):
    """What the customer reads when the agent leaves; may be empty."""

    note: StrictStr


class TicketsApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        one = "/tickets/<ticket_id:int>"
        return [
            Route("GET", "/tickets", self._tickets, "List conversations.", query=View,
                  answer=answers.Tickets),
            Route("GET", one, self._ticket, "Tell all about one conversation.", audit="opened",
                  answer=answers.Conversation),
            Route(
                "GET", f"{one}/messages", self._earlier,
                "Tell what was said before a message, the latest page of it.",
                query=Before, audit="opened", answer=answers.Messages,
            ),
            Route("POST", f"{one}/claim", self._claim, "Take a waiting conversation.",
                  answer=answers.Conversation),
            Route("POST", f"{one}/messages", self._answer, "Answer the customer.", body=Answer,
                  answer=answers.Conversation),
            Route("POST", f"{one}/hand-back", self._hand_back, "Give it to the bot.", body=Note,
                  answer=answers.Conversation),
            Route("POST", f"{one}/resolve", self._resolve, "Close the request.", body=Resolution,
                  answer=answers.Conversation),
            Route(
                "POST", "/messages/<message_id:str>/resend", self._resend,
                "Send a message again that was given up.", answer=answers.Conversation,
            ),
        ]  # fmt: skip

    async def _tickets(self, call: Call) -> dict[str, Any]:
        wanted = call.query
        load = views.open_tickets if wanted.view == "open" else views.closed_tickets
        known = None not in {wanted.after, wanted.after_key}
        after = (wanted.after_key, wanted.after) if known else None
        tickets, more = await self._workshop.read(load, after)
        return {"tickets": tickets, "more": more, "now": time.time()}

    async def _ticket(self, _call: Call, ticket_id: int) -> dict[str, Any]:
        return {**await self._workshop.read(views.ticket, ticket_id), "now": time.time()}

    async def _earlier(self, call: Call, ticket_id: int) -> dict[str, Any]:
        found = await self._workshop.read(transcript.earlier, ticket_id, call.query.before)
        return dict(found)

    async def _claim(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(work.claim, ticket_id, call.who, self._workshop.config)

    async def _answer(self, call: Call, ticket_id: int) -> dict[str, Any]:
        body = call.body
        return await self._changed(work.answer, ticket_id, call.who, body.id, body.text, body.files)

    async def _hand_back(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(work.hand_back, ticket_id, call.who, call.body.note)

    async def _resolve(self, call: Call, ticket_id: int) -> dict[str, Any]:
        body = call.body
        return await self._changed(
            outcomes.resolve, ticket_id, call.who, body.note, body.outcome, body.detail
        )

    async def _resend(self, call: Call, message_id: str) -> dict[str, Any]:
        changes = await self._workshop.change(work.resend, message_id, call.who)
        (ticket_id,) = changes.tickets
        return dict(await self._workshop.read(views.ticket, ticket_id))

    async def _changed(
        self, change: Callable[..., Changes], ticket_id: int, *values: Any
    ) -> dict[str, Any]:
        await self._workshop.change(change, ticket_id, *values)
        return dict(await self._workshop.read(views.ticket, ticket_id))
