"""Routes for signing in with an identity provider, where the operator has named one."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any, Final
from urllib.parse import quote

from sanic.response import HTTPResponse, redirect

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.door import ANYONE
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.http.sign_in_api import set_cookie, with_cookies
from rasa_project.desk.http.workshop import Workshop
from rasa_project.desk.people import openid_people, sign_in
from rasa_project.desk.people.identity import Visitor
from rasa_project.desk.people.openid import Provider, ProviderError
from rasa_project.desk.people.policy import OpenIdPolicy
from rasa_project.desk.people.sign_in import SignedIn

logger = logging.getLogger(__name__)

CALLBACK: Final = "/openid/callback"
# Holds the state in the browser that began, so that nobody is signed in as somebody else by a link.
_COOKIE: Final = "attune_desk_openid"


class Doors(Body):
    """How one may sign in; `openid` is what its button says."""

    openid: str | None


class CameBack(Body):
    """What the provider sends people back with."""

    state: str = ""
    code: str = ""
    error: str = ""


class OpenIdApi(Area):
    """The routes."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        policy = workshop.policy
        self._policy = policy.openid
        self._home = f"{policy.public_url}/"
        self._provider = (
            Provider(policy.openid, f"{policy.public_url}/api{CALLBACK}") if policy.openid else None
        )

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("GET", "/doors", self._doors, "Tell how to sign in.", ANYONE, answer=Doors),
            Route(
                "GET", "/openid/start", self._start_openid, "Go to the identity provider.",
                ANYONE, redirects=True,
            ),
            Route(
                "GET", CALLBACK, self._end_openid, "Come back from the identity provider.",
                ANYONE, query=CameBack, redirects=True,
            ),
        ]  # fmt: skip

    async def _doors(self, _call: Call) -> dict[str, Any]:
        return {"openid": self._policy.label if self._policy else None}

    async def _start_openid(self, call: Call) -> HTTPResponse:
        _, provider = self._required()
        attempt = await self._workshop.write(openid_people.begin)
        try:
            where = await provider.address(*attempt)
        except ProviderError as error:
            logger.error("Nobody can sign in with OpenID: %s", error)
            return await self._refused("openid_provider")
        response = redirect(where)
        seconds = openid_people.ATTEMPT_SECONDS
        # Lax: the browser comes back by a link of another site.
        set_cookie(response, call.request, _COOKIE, attempt.state, seconds, "Lax")
        return response

    async def _end_openid(self, call: Call) -> HTTPResponse:
        policy, provider = self._required()
        query = call.query
        here = call.request.cookies.get(_COOKIE, "").encode("utf-8", "replace")
        state = query.state.encode("utf-8", "replace")
        attempt = await self._workshop.write(openid_people.take, query.state)
        if attempt is None or not secrets.compare_digest(state, here):
            return await self._refused("openid_state")
        if query.error or not query.code:
            return await self._refused("openid_refused")
        visitor = self._workshop.door.visitor(call.request)
        try:
            claims = await provider.claims(query.code, attempt.nonce, attempt.verifier)
            done = await asyncio.to_thread(self._enter, policy, claims, visitor)
        except ProviderError as error:
            logger.warning("A sign-in with OpenID was refused: %s", error)
            return await self._refused("openid_provider")
        except RequestError as error:
            return await self._refused(error.code)
        response = redirect(self._home)
        response.cookies[_COOKIE] = ""
        response.cookies[_COOKIE]["max-age"] = 0
        lifetime = self._workshop.sessions.lifetime
        return with_cookies(response, call.request, done, lifetime)

    def _enter(self, policy: OpenIdPolicy, claims: dict[str, Any], visitor: Visitor) -> SignedIn:
        with self._workshop.store.write() as session:
            agent = openid_people.person(session, policy, claims)
            return sign_in.begin(session, self._workshop.sessions, agent, visitor, via=log.OPENID)

    def _required(self) -> tuple[OpenIdPolicy, Provider]:
        if self._policy is None or self._provider is None:
            raise RequestError(404, "no_openid", "This desk has no identity provider.")
        return self._policy, self._provider

    async def _refused(self, code: str) -> HTTPResponse:
        """Write it down and go back to the page, which words it."""

        def write(session: Any) -> None:
            log.record(session, None, "sign_in_failed", via=log.OPENID, reason=code)

        await self._workshop.write(write)
        return redirect(f"{self._home}?refused={quote(code)}")
