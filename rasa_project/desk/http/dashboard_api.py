"""Routes for supervisors: the figures of the whole desk, and what can be taken away as CSV."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pydantic import StrictStr
from sanic.response import HTTPResponse, raw, stream

from rasa_project.desk.dashboard import counting, period, tables
from rasa_project.desk.dashboard.counting import Selection
from rasa_project.desk.errors import RequestError
from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.people import roles

_CSV = "text/csv; charset=utf-8"


class Span(Body):
    """Which tickets: when they came, and of which kinds; an empty text means "not known"."""

    first: StrictStr
    last: StrictStr
    zone: StrictStr = "UTC"
    by: Literal["hour", "day", "week"] = "day"
    channel: StrictStr | None = None
    language: StrictStr | None = None
    intent: StrictStr | None = None


class DashboardApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                "GET", "/dashboard", self._dashboard,
                "Tell the desk's figures of a period, and of the one before.",
                roles.SUPERVISOR, query=Span, answer=answers.Dashboard,
            ),
            Route(
                "GET", "/dashboard/tickets.csv", self._tickets_csv,
                "Write the figures of each ticket as CSV.", roles.SUPERVISOR, query=Span,
                media="text/csv", audit="figures_exported",
            ),
            Route(
                "GET", "/dashboard/tables/<table:str>", self._table_csv,
                "Write one of the dashboard's tables as CSV.", roles.SUPERVISOR, query=Span,
                media="text/csv", audit="figures_exported",
            ),
        ]  # fmt: skip

    async def _dashboard(self, call: Call) -> dict[str, Any]:
        selection, read = _selection(call.query), self._workshop.read
        # Side by side: on a long period each of them keeps a core busy for a moment.
        total, before, choices, *found = await asyncio.gather(
            read(counting.total, selection),
            read(counting.total, selection.before()),
            read(counting.choices, selection.period),
            *(read(load, selection) for load in tables.TABLES.values()),
        )
        return {
            "total": total,
            "before": before,
            "choices": choices,
            "tables": dict(zip(tables.TABLES, found, strict=True)),
        }

    async def _table_csv(self, call: Call, table: str) -> HTTPResponse:
        name = table.removesuffix(".csv")
        if name not in tables.TABLES:
            raise RequestError(404, "no_table", "The dashboard has no such table.")
        content = await self._workshop.read(tables.as_csv, _selection(call.query), name)
        return raw(content.encode(), content_type=_CSV, headers=_file(name, call.query))

    async def _tickets_csv(self, call: Call) -> Any:
        selection = _selection(call.query)

        async def write(response: Any) -> None:
            after: int | None = None
            while True:
                lines, after = await self._workshop.read(tables.tickets_as_csv, selection, after)
                await response.write(lines)
                if after is None:
                    return

        headers = _file("tickets", call.query)
        return stream(write, headers=headers, content_type=_CSV)


def _selection(query: Span) -> Selection:
    span = period.read(query.first, query.last, query.zone, query.by)
    only = [(name, getattr(query, name)) for name in counting.GROUPS]
    return Selection(span, tuple((name, value) for name, value in only if value is not None))


def _file(name: str, query: Span) -> dict[str, str]:
    file = f"attune-{name}-{query.first}-{query.last}.csv"
    return {"Content-Disposition": f'attachment; filename="{file}"'}
