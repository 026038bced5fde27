"""Tokens with which the Bot Connector shows who it is.

"Authenticate requests from the Bot Connector service to your bot" at
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.settings import require_address
from rasa_project.webhooks.errors import Refused

logger = logging.getLogger(__name__)

_ALGORITHMS: Final = ["RS256"]
_SKEW_SECONDS: Final = 300.0
_FRESH_SECONDS: Final = 24 * 3600.0
# Whoever makes up names of keys must not have them fetched each time.
REST_SECONDS: Final = 60.0


@dataclass(frozen=True)
class _Key:
    """A key, and the channels that may be signed for with it."""

    key: jwt.PyJWK
    channels: frozenset[str]


def bearer(request: Request) -> str:
    """Return the token that a request shows; empty where it shows none."""
    scheme, _, token = request.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class SigningKeys:
    """The Bot Connector's keys, fetched when needed.

    Args:
        http: Sends requests.
        openid_url: Where it is said where they are.
    """

    def __init__(self, http: Http, openid_url: str) -> None:
        self._http = http
        self._openid_url = openid_url
        self._keys: dict[str, _Key] = {}
        self._lock = asyncio.Lock()
        self._asked_at = float("-inf")
        self._fresh_until = float("-inf")

    async def have(self, token: str) -> None:
        """Fetch the keys where one that a token names is not known, or they are a day old.

        Raises:
            NotSent: They are not to be had, and the one needed is not known.
            MaybeSent: Likewise.
        """
        name = _name_in(token)
        if not name or self._is_fresh(name):
            return
        async with self._lock:
            now = time.monotonic()
            if self._is_fresh(name):
                return
            if self._keys and now < self._asked_at + REST_SECONDS:
                return
            self._asked_at = now
            try:
                await self.fetch()
            except (NotSent, MaybeSent) as error:
                if name not in self._keys:
                    raise
                logger.warning("teams: the keys of yesterday have to do: %s", error)

    async def fetch(self) -> None:
        """Fetch the keys.

        Raises:
            NotSent: They are not to be had.
            MaybeSent: Likewise.
        """
        place = (await self._get(self._openid_url)).get("jwks_uri")
        try:
            address = require_address(str(place))
        except ValueError as error:
            raise NotSent(f"{self._openid_url} names no address of keys.") from error
        found = (await self._get(address)).get("keys")
        self._keys = dict(_read(one) for one in found or [] if _is_usable(one))
        self._fresh_until = time.monotonic() + _FRESH_SECONDS

    def opened(
        self, token: str, audience: str, issuer: str
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """Return what a token says, and the channels that its key is good for.

        Raises:
            Refused: It is missing, made by somebody else, for somebody else, or too old.
        """
        try:
            key = self._keys[_name_in(token)]
            claims = jwt.decode(
                token, key.key, algorithms=_ALGORITHMS, audience=audience, issuer=issuer,
                leeway=_SKEW_SECONDS, options={"require": ["exp", "iss", "aud"]},
            )  # fmt: skip
        except (KeyError, ValueError, jwt.PyJWTError) as error:
            raise Refused(401, "The token is missing, wrong or too old.") from error
        return claims, key.channels

    def _is_fresh(self, name: str) -> bool:
        return name in self._keys and time.monotonic() < self._fresh_until

    async def _get(self, url: str) -> dict[str, Any]:
        reply = await self._http.request("GET", url)
        if reply.status != 200 or not isinstance(reply.content, dict):
            raise MaybeSent(f"Microsoft's keys are not to be had, {reply.status}: {reply.text}")
        return reply.content


def _name_in(token: str) -> str:
    """Return the name of a token's key, unverified; empty where it has none."""
    try:
        return str(jwt.get_unverified_header(token).get("kid") or "")
    except (ValueError, jwt.PyJWTError):
        return ""


def _is_usable(key: Mapping[str, Any]) -> bool:
    return key.get("kty") == "RSA" and bool(key.get("kid")) and bool(key.get("endorsements"))


def _read(key: Mapping[str, Any]) -> tuple[str, _Key]:
    known = jwt.PyJWK(dict(key), algorithm=_ALGORITHMS[0])
    return str(key["kid"]), _Key(known, frozenset(map(str, key["endorsements"])))
