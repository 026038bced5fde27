"""Routes for the queue: who does which work, and moving conversations between people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import StrictFloat, StrictInt, StrictStr

from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.http.workshop import Workshop
from rasa_project.desk.people import roles
from rasa_project.desk.queue import duty, merging, moves, snooze, teams
from rasa_project.desk.tickets import views
from rasa_project.desk.tickets.changes import Changes


class Once(Body):
    """A change; the page makes the id, so that asking again never does it twice."""

    id: StrictStr


class PassOn(Once):
    """To whom: an agent, a team, or neither to put it back into the queue."""

    agent: StrictInt | None = None
    team: StrictStr | None = None
    note: StrictStr = ""


class Priority(Once):
    """How much it presses: low, normal, high or urgent."""

    priority: StrictStr


class Snooze(Once):
    """Until when, in seconds since 1970; null brings it back."""

    until: StrictFloat | StrictInt | None = None


class Merge(Once):
    """Which other ticket is the same customer's."""

    ticket: StrictInt


class Work(Body):
    """Which conversations are an agent's; empty lists mean all."""

    teams: tuple[StrictStr, ...] = ()
    languages: tuple[StrictStr, ...] = ()
    max_conversations: StrictInt | None = None


class QueueApi(Area):
    """The routes."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._config = workshop.config

    def routes(self) -> list[Route]:
        """Return the routes."""
        one = "/tickets/<ticket_id:int>"
        work = "/people/<agent_id:int>/work"
        return [
            Route(
                "GET",
                "/queue",
                self._queue,
                "Tell teams, colleagues and one's own work.",
                answer=answers.Duty,
            ),
            Route(
                "POST",
                f"{one}/pass-on",
                self._pass_on,
                "Assign, pass on, put back.",
                body=PassOn,
                answer=answers.Conversation,
            ),
            Route(
                "POST",
                f"{one}/priority",
                self._priority,
                "Set the priority.",
                body=Priority,
                answer=answers.Conversation,
            ),
            Route(
                "POST",
                f"{one}/snooze",
                self._snooze,
                "Put off, or bring back.",
                body=Snooze,
                answer=answers.Conversation,
            ),
            Route(
                "POST",
                f"{one}/merge",
                self._merge,
                "Link another ticket.",
                body=Merge,
                answer=answers.Conversation,
            ),
            Route(
                "GET",
                work,
                self._work,
                "Tell an agent's work.",
                roles.SUPERVISOR,
                answer=answers.Work,
            ),
            Route(
                "PUT",
                work,
                self._set_work,
                "Set an agent's work.",
                roles.ADMIN,
                Work,
                answer=answers.Work,
            ),
        ]

    async def _queue(self, call: Call) -> dict[str, Any]:
        present = self._workshop.live.present()

        def load(session: Any) -> dict[str, Any]:
            me = call.who.agent_id
            return {
                "teams": [
                    {"id": name, "name": team.name} for name, team in self._config.teams.items()
                ],
                "colleagues": moves.colleagues(session, self._config, present),
                "work": teams.work_of(session, me).as_json(),
                "limit": duty.limit_of(session, self._config, me),
            }

        return dict(await self._workshop.read(load))

    async def _pass_on(self, call: Call, ticket_id: int) -> dict[str, Any]:
        body = call.body
        to = moves.Destination(body.agent, body.team)
        return await self._changed(
            moves.pass_on, ticket_id, call.who, body.id, to, body.note, self._config
        )

    async def _priority(self, call: Call, ticket_id: int) -> dict[str, Any]:
        body = call.body
        return await self._changed(
            moves.set_priority, ticket_id, call.who, body.id, body.priority, self._config
        )

    async def _snooze(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(
            snooze.snooze, ticket_id, call.who, call.body.id, call.body.until
        )

    async def _merge(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(
            merging.merge, ticket_id, call.who, call.body.id, call.body.ticket
        )

    async def _work(self, _call: Call, agent_id: int) -> dict[str, Any]:
        return dict(await self._workshop.read(_work_as_json, agent_id))

    async def _set_work(self, call: Call, agent_id: int) -> dict[str, Any]:
        body = call.body
        work = teams.Work(body.teams, body.languages, body.max_conversations)

        def change() -> dict[str, Any]:
            with self._workshop.store.write() as session:
                teams.set_work(session, agent_id, work, self._config)
                return _work_as_json(session, agent_id)

        return await asyncio.to_thread(change)

    async def _changed(
        self, change: Callable[..., Changes], ticket_id: int, *values: Any
    ) -> dict[str, Any]:
        await self._workshop.change(change, ticket_id, *values)
        return dict(await self._workshop.read(views.ticket, ticket_id))


def _work_as_json(session: Any, agent_id: int) -> dict[str, Any]:
    teams.require_agent(session, agent_id)
    return teams.work_of(session, agent_id).as_json()
