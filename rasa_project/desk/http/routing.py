"""How a route of the desk's API is declared: who may ask, what the body holds, what it does.

Everything that the API takes or tells is said here once, as data; the guard, the checks of the
body and the description for programs all read it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Extra, ValidationError, validator
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.http.door import ANYONE as ANYONE
from rasa_project.desk.http.door import COOKIE as COOKIE
from rasa_project.desk.http.door import SIGNED_IN as SIGNED_IN
from rasa_project.desk.http.door import Door
from rasa_project.desk.people import roles
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store

LARGEST: Final = 2**31 - 1  # PostgreSQL's integers have 32 bits


class Body(BaseModel):
    """A JSON object that a route takes; declare its fields with pydantic's strict types."""

    class Config:
        """Fields that nobody declared are let pass, for older desks and newer pages."""

        extra = Extra.ignore
        allow_mutation = False

    @validator("*", pre=True)
    def _storable(cls, value: Any) -> Any:  # pydantic's own form
        # A lone surrogate and NUL, which JSON may carry, can be neither stored nor sent on.
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode().replace("\0", "")
        if not _can_be_stored(value):
            raise ValueError("is too large a number")
        return value


@dataclass(frozen=True)
class Call:
    """One request, checked.

    Attributes:
        request: As it came.
        identity: Who asks; none where anyone may.
        body: What the route declared, or none.
        query: What the route declared, or none.
    """

    request: Request
    identity: Identity | None
    body: Any = None
    query: Any = None

    @property
    def who(self) -> Identity:
        """Who asks, on a route that is not open to anyone."""
        if self.identity is None:
            raise TypeError("A route for anyone knows nobody.")
        return self.identity


# Path parameters come by name; a dictionary is answered as JSON, none says that it is answered.
Handler = Callable[..., Awaitable[HTTPResponse | dict[str, Any] | None]]


@dataclass(frozen=True)
class Route:
    """One thing that can be asked of the desk.

    Attributes:
        method: GET, POST, PUT, PATCH or DELETE.
        path: Below `/api`, with Sanic's parameters.
        handler: Called with a `Call` and the path's parameters.
        summary: A sentence for people who write programs.
        access: `ANYONE`, `SIGNED_IN` or a role.
        body: What the JSON body must look like.
        query: What the query must look like; every field is a text there.
        answer: What the JSON of the answer looks like, told to programs; none where it is any
            object.
        media: Kind of the answer where it is no JSON, such as `text/csv`.
        redirects: It may send the browser elsewhere.
        tokens: Programs with a token may ask this, too.
        stream: The body is no JSON but bytes of any number, which the handler reads.
        audit: Under this name a look is written into the audit log. What changes something is
            written there by itself, under the route's name.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    access: str = roles.AGENT
    body: type[Body] | None = None
    query: type[Body] | None = None
    answer: type[Body] | None = None
    media: str = "application/json"
    redirects: bool = False
    tokens: bool = True
    stream: bool = False
    audit: str | None = None

    @property
    def name(self) -> str:
        """A name that no other route has."""
        return self.handler.__name__.strip("_")


def blueprint(routes: list[Route], store: Store, door: Door) -> Blueprint:
    """Make Sanic's routes of ours."""
    api = Blueprint("api", url_prefix="/api")
    for route in routes:
        handler = _serve(route, store, door)
        api.add_route(
            handler, route.path, methods=[route.method], name=route.name, stream=route.stream
        )
    return api


def _can_be_stored(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    return not isinstance(value, int) or -LARGEST <= value <= LARGEST


def _serve(
    route: Route, store: Store, door: Door
) -> Callable[..., Coroutine[Any, Any, HTTPResponse | None]]:
    async def serve(request: Request, **values: Any) -> HTTPResponse | None:
        who = await door.admit(request, route.access, route.tokens)
        if not all(_can_be_stored(value) for value in values.values()):
            raise RequestError(404, "http_404", "There is nothing at this address.")
        call = Call(request, who, _body(route, request), _query(route, request))
        asked = _asked(route, who, values, door.address(request))
        with log.asking(asked):
            if route.audit is not None and asked.ticket_id is None:
                await asyncio.to_thread(_look, store, asked)  # an export may last
            answer = await route.handler(call, **values)
            if route.audit is not None and asked.ticket_id is not None:
                await asyncio.to_thread(_look, store, asked)  # the conversation does exist
        return json(answer) if isinstance(answer, dict) else answer

    return serve


def _asked(route: Route, who: Identity | None, values: dict[str, Any], address: str) -> log.Asked:
    details = {name: value for name, value in values.items() if name != "ticket_id"}
    ticket_id = values.get("ticket_id")
    return log.Asked(who, route.audit or route.name, ticket_id, details, address)


def _look(store: Store, asked: log.Asked) -> None:
    with store.write() as session:
        log.saw(session, asked)


def _body(route: Route, request: Request) -> Body | None:
    if route.body is None:
        return None
    content = request.json  # what is no JSON at all is refused here
    if not isinstance(content, dict):
        raise RequestError(400, "body", "The request must be a JSON object.")
    return _checked(route.body, content, "body")


def _query(route: Route, request: Request) -> Body | None:
    if route.query is None:
        return None
    return _checked(
        route.query, {name: values[0] for name, values in request.args.items()}, "query"
    )


def _checked(model: type[Body], content: dict[str, Any], code: str) -> Body:
    try:
        return model(**content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise RequestError(
            400, code, f"`{field}` of the request: {first['msg']}.", field=field
        ) from error
