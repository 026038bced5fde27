"""Routes for signing in and out, and for one's own account and sessions."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import StrictStr
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.desk.http.area import Area
from rasa_project.desk.http.door import ANYONE, BROWSER_COOKIE, COOKIE, SIGNED_IN
from rasa_project.desk.http.guard import is_secure
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.http.workshop import Workshop
from rasa_project.desk.people import accounts, lockout, sessions, sign_in
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.people.sign_in import SignedIn


class SignIn(Body):
    """Who comes."""

    name: StrictStr
    password: StrictStr


class ChosenPassword(Body):
    """A password of one's own, and the name that customers read."""

    password: StrictStr
    display_name: StrictStr


class ChangedPassword(Body):
    """Another password, shown to be one's own by the present one."""

    current: StrictStr
    password: StrictStr


class DisplayName(Body):
    """The name that customers read."""

    display_name: StrictStr


class Me(Body):
    """Somebody who is signed in."""

    id: int
    name: str
    display_name: str
    role: str
    must_change_password: bool
    has_password: bool


class SignedInAnswer(Body):
    """Who is signed in."""

    agent: Me


class Session(Body):
    """A browser in which one is signed in; times in seconds since 1970."""

    id: str
    address: str
    browser: str
    created_at: float
    last_seen_at: float
    current: bool


class SessionList(Body):
    """One's own sessions, the one used last first."""

    sessions: list[Session]


class SignInApi(Area):
    """The routes."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._store = workshop.store
        self._live = workshop.live
        self._sessions = workshop.sessions
        # Each Argon2 check takes 64 MiB and a core for a moment; a flood of them must queue.
        self._hashing = asyncio.Semaphore(2)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                "POST", "/sign-in", self._sign_in, "Sign in.", ANYONE, SignIn,
                answer=SignedInAnswer,
            ),
            Route(
                "GET", "/me", self._me, "Tell who is signed in.", SIGNED_IN, answer=SignedInAnswer
            ),
            Route(
                "POST", "/password", self._password, "Choose a password of one's own.",
                SIGNED_IN, ChosenPassword, answer=SignedInAnswer, tokens=False,
            ),
            Route(
                "POST", "/password/change", self._change_password, "Change one's password.",
                body=ChangedPassword, answer=SignedInAnswer, tokens=False,
            ),
            Route(
                "POST", "/me/name", self._rename, "Change the name that customers see.",
                body=DisplayName, answer=SignedInAnswer, tokens=False,
            ),
            Route(
                "POST", "/me/active", self._active, "Say that somebody sits at the page.",
                SIGNED_IN, tokens=False,
            ),
            Route(
                "GET", "/sessions", self._list, "List one's own sessions.", answer=SessionList,
                tokens=False,
            ),
            Route(
                "POST", "/sessions/<session_id:str>/end", self._end_session,
                "End one of one's own sessions.", answer=SessionList, tokens=False,
            ),
            Route(
                "POST", "/sign-out", self._sign_out, "Sign out.", SIGNED_IN, tokens=False,
            ),
            Route(
                "POST", "/sign-out-everywhere", self._sign_out_everywhere,
                "Sign out in all browsers, this one included.", SIGNED_IN, tokens=False,
            ),
        ]  # fmt: skip

    async def _sign_in(self, call: Call) -> HTTPResponse:
        old_token = call.request.cookies.get(COOKIE)
        visitor = self._workshop.door.visitor(call.request)
        async with self._hashing:
            done = await asyncio.to_thread(
                sign_in.sign_in, self._store, self._sessions, call.body.name, call.body.password,
                visitor, old_token,
            )  # fmt: skip
        await self._live.end_ended()
        return signed_in(call.request, done, self._sessions.lifetime)

    async def _me(self, call: Call) -> dict[str, Any]:
        return {"agent": call.who.as_json()}

    async def _active(self, _call: Call) -> dict[str, Any]:
        return {}  # finding the session was the sign of life

    async def _password(self, call: Call) -> HTTPResponse:
        body = call.body

        def choose(session: Any) -> SignedIn:
            agent = accounts.choose_password(
                session, call.who.agent_id, body.password, body.display_name
            )
            return self._again(session, agent, call.request)

        return await self._with_new_session(call, choose)

    async def _change_password(self, call: Call) -> HTTPResponse:
        body = call.body

        def change(session: Any) -> SignedIn:
            agent = accounts.change_password(session, call.who, body.current, body.password)
            return self._again(session, agent, call.request)

        return await self._with_new_session(call, change)

    async def _rename(self, call: Call) -> dict[str, Any]:
        await self._workshop.write(accounts.rename, call.who, call.body.display_name)
        token = call.request.cookies.get(COOKIE)
        who = await asyncio.to_thread(self._sessions.find, token)
        return {"agent": (who or call.who).as_json()}

    async def _list(self, call: Call) -> dict[str, Any]:
        return {"sessions": await asyncio.to_thread(self._sessions.of, call.who)}

    async def _end_session(self, call: Call, session_id: str) -> dict[str, Any]:
        ended = await self._workshop.write(sessions.end_one, call.who, session_id)
        await self._live.end(ended)
        return await self._list(call)

    async def _sign_out(self, call: Call) -> HTTPResponse:
        await self._workshop.write(sessions.end, call.who.session)
        await self._live.end(call.who.session)
        return _signed_out()

    async def _sign_out_everywhere(self, call: Call) -> HTTPResponse:
        await self._workshop.write(sessions.end_all, call.who.agent_id)
        await self._live.end_ended()
        return _signed_out()

    def _again(self, session: Any, agent: Any, request: Request) -> SignedIn:
        visitor = self._workshop.door.visitor(request)
        token, who = self._sessions.start(session, agent, visitor, None)
        return SignedIn(token, who, lockout.remember_browser(session, agent, visitor))

    async def _with_new_session(self, call: Call, change: Any) -> HTTPResponse:
        async with self._hashing:
            done: SignedIn = await self._workshop.write(change)
        await self._live.end_ended()
        return signed_in(call.request, done, self._sessions.lifetime)


def signed_in(request: Request, done: SignedIn, lifetime: float) -> HTTPResponse:
    """Answer somebody who has signed in, with the cookies of the session and the browser."""
    return with_cookies(json(_agent(done.who)), request, done, lifetime)


def with_cookies(
    response: HTTPResponse, request: Request, done: SignedIn, lifetime: float
) -> HTTPResponse:
    """Put the cookies of a sign-in into an answer."""
    set_cookie(response, request, COOKIE, done.token, lifetime)
    if done.browser is not None:
        set_cookie(response, request, BROWSER_COOKIE, done.browser, lockout.KNOWN_SECONDS)
    return response


def set_cookie(
    response: HTTPResponse,
    request: Request,
    name: str,
    value: str,
    seconds: float,
    same_site: str = "Strict",
) -> None:
    """Put a cookie into an answer that no script reads."""
    response.cookies[name] = value
    cookie = response.cookies[name]
    cookie["httponly"] = True
    cookie["samesite"] = same_site
    cookie["path"] = "/"
    cookie["max-age"] = int(seconds)
    if is_secure(request):
        cookie["secure"] = True


def _signed_out() -> HTTPResponse:
    response = json({})
    response.cookies[COOKIE] = ""
    response.cookies[COOKIE]["max-age"] = 0
    response.cookies[COOKIE]["path"] = "/"
    return response


def _agent(who: Identity) -> dict[str, Any]:
    return {"agent": who.as_json()}
