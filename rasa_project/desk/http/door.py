"""Lets in who may come: by the cookie of a session, or by the token of a program."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict

from sanic.request import Request

from rasa_project.desk.errors import RequestError, TooManyRequests
from rasa_project.desk.people import roles, tokens
from rasa_project.desk.people.identity import Identity, Visitor
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.store.database import Store

COOKIE = "attune_desk"
BROWSER_COOKIE = "attune_desk_browser"  # by which a browser is known at its next sign-in

# Who may ask, besides those with one of `roles.ROLES`.
ANYONE = "anyone"
SIGNED_IN = "signed_in"  # also somebody who still has to choose a password

_BEARER = "bearer "
_MAX_BROWSER_CHARACTERS = 200


class Door:
    """The door of one desk.

    Args:
        store: The desk's store.
        sessions: Of signed-in browsers.
        policy: How much programs may ask, and what stands before the desk.
    """

    def __init__(self, store: Store, sessions: Sessions, policy: AccessPolicy) -> None:
        self._store = store
        self._sessions = sessions
        self._policy = policy
        self._rates = Rates(policy.calls_per_minute)

    async def admit(self, request: Request, access: str, for_tokens: bool) -> Identity | None:
        """Return who asks; None where anyone may.

        Args:
            request: As it came.
            access: `ANYONE`, `SIGNED_IN` or a role.
            for_tokens: Programs with a token may ask this, too.

        Raises:
            RequestError: They may not.
        """
        if access == ANYONE:
            return None
        who = await self._who(request, for_tokens)
        if who is None:
            raise RequestError(401, "signed_out", "Sign in first.")
        if access == SIGNED_IN:
            return who
        if who.must_change_password:
            raise RequestError(403, "choose_password", "Choose your own password first.")
        if not roles.covers(who.role, access):
            raise RequestError(
                403, "role", f"This is for people with the role {access}.", role=access
            )
        return who

    def visitor(self, request: Request) -> Visitor:
        """Say what is known of who asks before they have signed in."""
        browser = request.headers.get("user-agent", "")[:_MAX_BROWSER_CHARACTERS]
        browser = "".join(sign for sign in browser if sign.isprintable())
        return Visitor(self.address(request), browser, request.cookies.get(BROWSER_COOKIE))

    def address(self, request: Request) -> str:
        """Return the address of who asks; empty where a proxy that nobody declared hides it."""
        forwarded = request.headers.getall("x-forwarded-for", [])
        if not self._policy.proxies:
            return "" if forwarded else _plain(request.ip)
        hops = [hop.strip() for hop in ",".join(forwarded).split(",") if hop.strip()]
        # Each proxy adds whom it heard; what stands before those could be made up.
        at = len(hops) - self._policy.proxies
        return _plain(hops[at]) if at >= 0 else ""

    async def _who(self, request: Request, for_tokens: bool) -> Identity | None:
        token = bearer(request)
        if token is not None:
            return await self._program(token, for_tokens)
        return await asyncio.to_thread(self._sessions.find, request.cookies.get(COOKIE))

    async def _program(self, token: str, for_tokens: bool) -> Identity:
        who = await asyncio.to_thread(tokens.find, self._store, token)
        if who is None:
            refused = RequestError(401, "token", "This token is unknown, ended or expired.")
            refused.headers["WWW-Authenticate"] = "Bearer"
            raise refused
        self._rates.count(who.session)
        if not for_tokens:
            raise RequestError(
                403, "session_only", "This is for people at the desk's page, not for tokens."
            )
        return who


class Rates:
    """How often each token may call: a bucket of a minute's calls that fills evenly.

    Args:
        calls_per_minute: The size of the bucket.
    """

    _MOST = 10_000

    def __init__(self, calls_per_minute: int) -> None:
        self._size = float(calls_per_minute)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, key: str) -> None:
        """Count a call.

        Raises:
            TooManyRequests: The bucket is empty.
        """
        now = time.monotonic()
        left, at = self._buckets.get(key, (self._size, now))
        left = min(self._size, left + (now - at) * self._size / 60.0)
        self._buckets[key] = (max(left - 1.0, 0.0) if left >= 1.0 else left, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._MOST:
            self._buckets.popitem(last=False)  # the one that was quiet for longest
        if left < 1.0:
            seconds = (1.0 - left) * 60.0 / self._size
            raise TooManyRequests("rate", "This token makes too many calls. Wait a while.", seconds)


def bearer(request: Request) -> str | None:
    """Return the token of a program, none where a browser asks."""
    header = request.headers.get("authorization", "")
    return header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else None


def _plain(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        # Whoever has one such address has its whole network.
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
