"""Sign-in with an identity provider: OpenID Connect, authorization code with PKCE.

The browser goes to the provider with a state, a nonce and the hash of a verifier, all random and
good once; it comes back with a code, which only we can turn into a token, with the verifier. The
token is believed when the provider's key signed it, for us, now, and for this very nonce.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import secrets
import time
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import jwt

from rasa_project.desk.people.policy import OpenIdPolicy

logger = logging.getLogger(__name__)

# No symmetric ones: our own secret must not sign what we believe.
_ALGORITHMS: Final = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
]
_LEEWAY_SECONDS: Final = 60
_KEEP_SECONDS: Final = 3600.0
_ASK_AGAIN_SECONDS: Final = 60.0
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_MAX_BYTES = 1 << 20


class ProviderError(Exception):
    """The provider did not answer, or not with what it must; the message is for the log."""


class Provider:
    """An identity provider, asked over HTTP.

    Args:
        policy: Where it is, and what it calls us.
        redirect: Where it sends people back to.
    """

    def __init__(self, policy: OpenIdPolicy, redirect: str) -> None:
        self._policy = policy
        self._redirect = redirect
        self._found: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, dict[str, Any]] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser goes to sign in.

        Raises:
            ProviderError: The provider cannot be found.
        """
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._policy.client_id,
            "redirect_uri": self._redirect,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        endpoint = (await self._configuration())["authorization_endpoint"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def claims(self, code: str, nonce: str, verifier: str) -> dict[str, Any]:
        """Turn a code into what the provider says of a person.

        Raises:
            ProviderError: The code is no good, or the token cannot be believed.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": verifier,
            "client_id": self._policy.client_id,
        }
        if self._policy.client_secret:
            form["client_secret"] = self._policy.client_secret
        endpoint = (await self._configuration())["token_endpoint"]
        answer = await _fetch("POST", endpoint, form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("The provider gave no id_token.")
        return await self._believed(token, nonce)

    async def _believed(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in _ALGORITHMS:
                raise ProviderError(f"The token is signed by {header.get('alg')!r}.")
            claims: dict[str, Any] = jwt.decode(
                token, await self._key(header.get("kid")), algorithms=_ALGORITHMS,
                audience=self._policy.client_id, issuer=self._policy.issuer,
                leeway=_LEEWAY_SECONDS, options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise ProviderError(f"The token is not believed: {error}.") from error
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise ProviderError("The token was made for another sign-in.")
        for_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (for_others or "azp" in claims) and claims.get("azp") != self._policy.client_id:
            raise ProviderError("The token was made for another program.")
        return claims

    async def _key(self, kid: str | None) -> Any:
        """Return the key of a token; one that is unknown may be new, so the provider is asked."""
        for fresh in (False, True):
            keys = (await self._key_set(fresh)).get("keys", [])
            fitting = [key for key in keys if kid is None or key.get("kid") == kid]
            if len(fitting) == 1:
                return jwt.PyJWK(fitting[0]).key
        raise ProviderError(f"The provider has no key {kid!r}.")

    async def _configuration(self) -> dict[str, Any]:
        async with self._one_at_a_time:
            if self._found is None or self._found[0] < time.monotonic() - _KEEP_SECONDS:
                base = self._policy.issuer.rstrip("/")
                found = await _fetch("GET", f"{base}/.well-known/openid-configuration")
                if found.get("issuer") != self._policy.issuer:
                    raise ProviderError(f"The provider calls itself {found.get('issuer')!r}.")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not isinstance(found.get(name), str):
                        raise ProviderError(f"The provider does not say its {name}.")
                self._found = (time.monotonic(), found)
            return self._found[1]

    async def _key_set(self, fresh: bool) -> dict[str, Any]:
        configuration = await self._configuration()
        async with self._one_at_a_time:
            age = _ASK_AGAIN_SECONDS if fresh else _KEEP_SECONDS
            if self._keys is None or self._keys[0] < time.monotonic() - age:
                self._keys = (time.monotonic(), await _fetch("GET", configuration["jwks_uri"]))
            return self._keys[1]


async def _fetch(method: str, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.request(method, url, data=form, allow_redirects=False) as answer,
        ):
            body = await answer.content.read(_MAX_BYTES)  # a provider needs a few kilobytes
            if answer.status != 200:
                raise ProviderError(f"{url} answered {answer.status}: {body[:200]!r}.")
            content = json.loads(body)
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise ProviderError(f"{url} cannot be asked: {error!r}.") from error
    if not isinstance(content, dict):
        raise ProviderError(f"{url} answered with no JSON object.")
    return content
