"""Routes for admins: who saw and did what."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import Field, validator

from rasa_project.desk.audit import reading
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import LARGEST, Body, Call, Route
from rasa_project.desk.people import roles


class Wanted(Body):
    """Which entries; what is not given lets all pass. Times in seconds since 1970."""

    actor: str = ""
    action: str = ""
    ticket: int | None = Field(None, ge=0, le=LARGEST)
    since: float | None = None
    until: float | None = None
    before: int | None = Field(None, ge=0, le=LARGEST)

    @validator("since", "until")
    def _a_time(cls, value: float | None) -> float | None:  # pydantic's own form
        if value is not None and not -1e12 < value < 1e12:
            raise ValueError("must be seconds since 1970")
        return value


class Entry(Body):
    """One thing that somebody saw or did."""

    id: int
    at: float
    actor: str
    via: str
    action: str
    ticket: int | None
    details: dict[str, Any]
    address: str


class Entries(Body):
    """A page of the log, the latest first, and all actions that it knows."""

    entries: list[Entry]
    more: bool
    actions: list[str]


class AuditApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                "GET", "/audit", self._audit, "Read who saw and did what, the latest first.",
                roles.ADMIN, query=Wanted, answer=Entries,
            ),
            Route(
                "GET", "/audit.csv", self._audit_csv,
                "Export who saw and did what as CSV, the oldest first.",
                roles.ADMIN, query=Wanted, media="text/csv", audit="audit_exported",
            ),
        ]  # fmt: skip

    async def _audit(self, call: Call) -> dict[str, Any]:
        found: dict[str, Any] = await self._workshop.read(
            reading.page, _filter(call.query), call.query.before
        )
        return found

    async def _audit_csv(self, call: Call) -> None:
        response: Any = await call.request.respond(
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )
        lines = reading.as_csv(self._workshop.store, _filter(call.query))
        while (line := await asyncio.to_thread(next, lines, None)) is not None:
            await response.send(line)
        await response.eof()


def _filter(query: Wanted) -> reading.Filter:
    return reading.Filter(query.actor, query.action, query.ticket, query.since, query.until)
