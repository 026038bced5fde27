"""The desk's HTTP API under /api; every answer is JSON, every error `{"error": sentence}`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.desk import accounts, sign_in, tickets, views
from rasa_project.desk.changes import Changes
from rasa_project.desk.errors import RequestError
from rasa_project.desk.guard import is_secure
from rasa_project.desk.live import COOKIE, Live
from rasa_project.desk.outbox import OutboxSender
from rasa_project.desk.sign_in import Identity
from rasa_project.desk.store import Store

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


class Api:
    """The routes and what they work on.

    Args:
        store: The desk's store.
        sender: Woken when there is something to send.
        live: Told of every change.
    """

    def __init__(self, store: Store, sender: OutboxSender, live: Live) -> None:
        self._store = store
        self._sender = sender
        self._live = live
        # Each Argon2 check takes 64 MiB and a core for a moment; a flood of them must queue.
        self._hashing = asyncio.Semaphore(2)

    def blueprint(self) -> Blueprint:
        """Make the routes."""
        api = Blueprint("api", url_prefix="/api")
        signed_in, fresh = self._signed_in, self._signed_in_at_all
        for method, path, handler in (
            ("POST", "/sign-in", _anyone(self._sign_in)),
            ("GET", "/me", fresh(self._me)),
            ("POST", "/password", fresh(self._password)),
            ("POST", "/sign-out", fresh(self._sign_out)),
            ("GET", "/tickets", signed_in(self._tickets)),
            ("GET", "/tickets/<ticket_id:int>", signed_in(self._ticket)),
            ("POST", "/tickets/<ticket_id:int>/claim", signed_in(self._claim)),
            ("POST", "/tickets/<ticket_id:int>/messages", signed_in(self._answer)),
            ("POST", "/tickets/<ticket_id:int>/hand-back", signed_in(self._hand_back)),
            ("POST", "/tickets/<ticket_id:int>/resolve", signed_in(self._resolve)),
            ("POST", "/messages/<message_id:str>/resend", signed_in(self._resend)),
        ):
            name = handler.__name__.strip("_")
            api.add_route(handler, path, methods=[method], name=name)
        return api

    # Who asks

    def _signed_in_at_all(self, handler: Handler) -> Handler:
        """Give the handler who asks; also to somebody who still has to choose a password."""

        @wraps(handler)
        async def guarded(request: Request, **values: Any) -> HTTPResponse:
            token = request.cookies.get(COOKIE)
            identity = await asyncio.to_thread(sign_in.find, self._store, token)
            if identity is None:
                raise RequestError(401, "signed_out", "Sign in first.")
            return await handler(request, identity, **values)

        return guarded

    def _signed_in(self, handler: Handler) -> Handler:
        """Give the handler who asks; refuse others."""

        @wraps(handler)
        async def guarded(request: Request, who: Identity, **values: Any) -> HTTPResponse:
            if who.must_change_password:
                raise RequestError(403, "choose_password", "Choose your own password first.")
            return await handler(request, who, **values)

        return self._signed_in_at_all(guarded)

    async def _sign_in(self, request: Request) -> HTTPResponse:
        name, password = _texts(request, "name", "password")
        old_token = request.cookies.get(COOKIE)
        async with self._hashing:
            token, who = await asyncio.to_thread(
                sign_in.sign_in, self._store, name, password, old_token
            )
        return _with_cookie(request, who, token)

    async def _me(self, _request: Request, who: Identity) -> HTTPResponse:
        return json({"agent": who.as_json()})

    async def _password(self, request: Request, who: Identity) -> HTTPResponse:
        password, display_name = _texts(request, "password", "display_name")

        def choose() -> tuple[str, Identity]:
            with self._store.write() as session:
                agent = accounts.choose_password(session, who.agent_id, password, display_name)
                return sign_in.start_session(session, agent, None)

        async with self._hashing:
            token, fresh = await asyncio.to_thread(choose)
        return _with_cookie(request, fresh, token)

    async def _sign_out(self, _request: Request, who: Identity) -> HTTPResponse:
        await asyncio.to_thread(sign_in.sign_out, self._store, who)
        await self._live.end(who.session)
        response = json({})
        response.cookies[COOKIE] = ""
        response.cookies[COOKIE]["max-age"] = 0
        response.cookies[COOKIE]["path"] = "/"
        return response

    # Tickets

    async def _tickets(self, request: Request, _who: Identity) -> HTTPResponse:
        view = request.args.get("view", "open")
        if view not in {"open", "closed"}:
            raise RequestError(400, "view", "`view` must be open or closed.")
        load = views.open_tickets if view == "open" else views.closed_tickets
        return json({"tickets": await self._read(load), "now": time.time()})

    async def _ticket(self, _request: Request, _who: Identity, ticket_id: int) -> HTTPResponse:
        detail = await self._read(views.ticket, ticket_id)
        return json({**detail, "now": time.time()})

    async def _claim(self, _request: Request, who: Identity, ticket_id: int) -> HTTPResponse:
        return await self._change(ticket_id, tickets.claim, ticket_id, who)

    async def _answer(self, request: Request, who: Identity, ticket_id: int) -> HTTPResponse:
        message_id, text = _texts(request, "id", "text")
        return await self._change(ticket_id, tickets.answer, ticket_id, who, message_id, text)

    async def _hand_back(self, request: Request, who: Identity, ticket_id: int) -> HTTPResponse:
        (note,) = _texts(request, "note")
        return await self._change(ticket_id, tickets.hand_back, ticket_id, who, note)

    async def _resolve(self, request: Request, who: Identity, ticket_id: int) -> HTTPResponse:
        (note,) = _texts(request, "note")
        return await self._change(ticket_id, tickets.resolve, ticket_id, who, note)

    async def _resend(self, _request: Request, who: Identity, message_id: str) -> HTTPResponse:
        return await self._change(None, tickets.resend, message_id, who)

    # The store, off the event loop

    async def _read(self, load: Callable[..., Any], *values: Any) -> Any:
        def read() -> Any:
            with self._store.read() as session:
                return load(session, *values)

        return await asyncio.to_thread(read)

    async def _change(
        self, ticket_id: int | None, change: Callable[..., Changes], *values: Any
    ) -> HTTPResponse:
        def write() -> Changes:
            with self._store.write() as session:
                return change(session, *values)

        changes = await asyncio.to_thread(write)
        self._sender.wake()
        await self._live.publish(changes)
        (ticket_id,) = {ticket_id} if ticket_id is not None else changes.tickets
        return json(await self._read(views.ticket, ticket_id))


def _anyone(handler: Handler) -> Handler:
    """Make a function of a method, since Sanic writes on its handlers."""

    @wraps(handler)
    async def open_to_all(request: Request, **values: Any) -> HTTPResponse:
        return await handler(request, **values)

    return open_to_all


def _with_cookie(request: Request, who: Identity, token: str) -> HTTPResponse:
    response = json({"agent": who.as_json()})
    response.cookies[COOKIE] = token
    cookie = response.cookies[COOKIE]
    cookie["httponly"] = True
    cookie["samesite"] = "Strict"
    cookie["path"] = "/"
    cookie["max-age"] = int(sign_in.SESSION_SECONDS)
    if is_secure(request):
        cookie["secure"] = True
    return response


def _texts(request: Request, *names: str) -> list[str]:
    """Return texts from the request's JSON object."""
    body = request.json  # what is no JSON at all is refused here
    if not isinstance(body, dict):
        raise RequestError(400, "body", "The request must be a JSON object.")
    for name in names:
        if not isinstance(body.get(name), str):
            raise RequestError(400, "body", f"The request needs the text `{name}`.")
    # A lone surrogate, which JSON may carry, can be neither stored nor sent on.
    return [body[name].encode("utf-8", "replace").decode() for name in names]
