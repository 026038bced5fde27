"""Routes for tickets that are at another help desk too."""

from __future__ import annotations

from typing import Any

from rasa_project.desk.connectors import outbox
from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Call, Route
from rasa_project.desk.people import roles
from rasa_project.desk.tickets import views, work


class ConnectorsApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        one = "/tickets/<ticket_id:int>"
        return [
            Route(
                "GET", "/connectors", self._connectors,
                "Tell which other desks are connected and what waits for them.", roles.SUPERVISOR,
                answer=answers.Connectors,
            ),
            Route(
                "POST", f"{one}/take-over", self._take_over,
                "Take a conversation that somebody at another desk has.",
                answer=answers.Conversation,
            ),
            Route(
                "POST", f"{one}/connectors/<name:str>/resend", self._send_there_again,
                "Send another desk again what it did not take.", answer=answers.Conversation,
            ),
        ]  # fmt: skip

    async def _connectors(self, _call: Call) -> dict[str, Any]:
        names = sorted(self._workshop.connectors)
        return {"connectors": await self._workshop.read(outbox.state, names)}

    async def _take_over(self, call: Call, ticket_id: int) -> dict[str, Any]:
        config = self._workshop.config
        await self._workshop.change(work.take_over, ticket_id, call.who, config)
        return dict(await self._workshop.read(views.ticket, ticket_id))

    async def _send_there_again(self, _call: Call, ticket_id: int, name: str) -> dict[str, Any]:
        await self._workshop.change(outbox.resend, ticket_id, name)
        return dict(await self._workshop.read(views.ticket, ticket_id))
