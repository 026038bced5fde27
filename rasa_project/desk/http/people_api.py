"""Routes for admins: who may come to the desk, and as what."""

from __future__ import annotations

from typing import Any

from pydantic import StrictStr

from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.people import accounts, directory, roles


class NewPerson(Body):
    """Somebody who is to come."""

    name: StrictStr
    role: StrictStr = roles.AGENT
    email: StrictStr | None = None


class Role(Body):
    """What somebody may do."""

    role: StrictStr


class Email(Body):
    """By which address an identity provider knows somebody; none takes it away."""

    email: StrictStr | None = None


class Person(Body):
    """Somebody, as admins see them; times in seconds since 1970."""

    name: str
    display_name: str
    role: str
    email: str | None
    service: bool
    disabled: bool
    must_change_password: bool
    has_password: bool
    conversations: int
    last_seen_at: float | None
    created_at: float


class People(Body):
    """Everybody, the disabled last."""

    people: list[Person]


class OneTimePassword(People):
    """Everybody, and a password that is shown this once."""

    name: str
    one_time_password: str


class PeopleApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        one, admin = "/people/<name:str>", roles.ADMIN
        return [
            Route("GET", "/people", self._people, "List everybody.", admin, answer=People),
            Route(
                "POST", "/people", self._add_person, "Let somebody in, by a one-time password.",
                admin, NewPerson, answer=OneTimePassword,
            ),
            Route(
                "POST", f"{one}/role", self._set_role, "Give somebody another role.", admin, Role,
                answer=People,
            ),
            Route(
                "POST", f"{one}/email", self._set_email,
                "Say by which e-mail address an identity provider knows somebody.", admin, Email,
                answer=People,
            ),
            Route(
                "POST", f"{one}/disable", self._disable,
                "Keep somebody out; their conversations go back to the queue.", admin,
                answer=People,
            ),
            Route(
                "POST", f"{one}/enable", self._enable, "Let somebody in again.", admin,
                answer=People,
            ),
            Route(
                "POST", f"{one}/password", self._reset_password,
                "Give somebody a one-time password, and sign them out everywhere.", admin,
                answer=OneTimePassword,
            ),
        ]  # fmt: skip

    async def _people(self, _call: Call) -> dict[str, Any]:
        return {"people": await self._workshop.read(directory.people)}

    async def _add_person(self, call: Call) -> dict[str, Any]:
        body = call.body
        password = await self._workshop.write(
            directory.add, call.who, body.name, body.role, body.email
        )
        return await self._with_password(call, accounts.normalize(body.name), password)

    async def _set_role(self, call: Call, name: str) -> dict[str, Any]:
        await self._workshop.write(directory.set_role, call.who, name, call.body.role)
        return await self._people(call)

    async def _set_email(self, call: Call, name: str) -> dict[str, Any]:
        await self._workshop.write(directory.set_email, call.who, name, call.body.email)
        return await self._people(call)

    async def _disable(self, call: Call, name: str) -> dict[str, Any]:
        await self._workshop.change(directory.disable, call.who, name)
        await self._workshop.live.end_ended()
        return await self._people(call)

    async def _enable(self, call: Call, name: str) -> dict[str, Any]:
        await self._workshop.write(directory.enable, call.who, name)
        return await self._people(call)

    async def _reset_password(self, call: Call, name: str) -> dict[str, Any]:
        password = await self._workshop.write(directory.reset_password, call.who, name)
        await self._workshop.live.end_ended()
        return await self._with_password(call, name, password)

    async def _with_password(self, call: Call, name: str, password: str) -> dict[str, Any]:
        return {**await self._people(call), "name": name, "one_time_password": password}
