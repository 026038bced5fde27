"""Customers that the shop vouches for, by a JWT or an HMAC that its own server makes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final

import jwt
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.webchat.refusals import Rejected

METHODS: Final = ("jwt", "hmac")
MIN_SECRET_LENGTH: Final = 32
MAX_ID_CHARACTERS: Final = 255
MAX_PROFILE_CHARACTERS: Final = 1_000
# A stolen one is of use for no longer than a page takes to show it.
MAX_JWT_SECONDS: Final = 3_600
_MAX_JWT_CHARACTERS: Final = 8_000
_CLOCKS_DIFFER_SECONDS: Final = 30
# What the desk and actions may know about a customer.
_PROFILE: Final = ("name", "email", "phone", "locale")


@dataclass(frozen=True)
class Customer:
    """Who the shop says is there.

    Attributes:
        id: The shop's own id of the customer.
        profile: What else it vouches for: name, email, phone, locale.
    """

    id: str
    profile: dict[str, str]


class Identity:
    """Checks what the shop's server signed.

    Args:
        settings: `secret` (shared with the shop's server, or its PEM public key) and `method`,
            `jwt` or `hmac`. One method alone: a shop that signs any user name by HMAC could be
            made to sign what is a JWT. None where nobody is identified.

    Raises:
        InvalidConfigException: If a setting is wrong.
    """

    def __init__(self, settings: object) -> None:
        self._secret: str | None = None
        if settings is None:
            return
        if not isinstance(settings, dict) or settings.keys() - {"secret", "method"}:
            raise InvalidConfigException(_complaint("have `secret` and `method`", settings))
        secret, self._method = settings.get("secret"), settings.get("method", "jwt")
        if not isinstance(secret, str) or len(secret) < MIN_SECRET_LENGTH:
            wanted = f"have a `secret` of at least {MIN_SECRET_LENGTH} characters"
            raise InvalidConfigException(_complaint(wanted, "a shorter one or none"))
        if self._method not in METHODS:
            raise InvalidConfigException(_complaint("have a `method`: jwt or hmac", self._method))
        self._secret = secret
        public = secret.lstrip().startswith("-----BEGIN PUBLIC KEY-----")
        self._algorithms = ["RS256", "ES256", "EdDSA"] if public else ["HS256"]

    def verify(self, shown: object) -> Customer:
        """Return the customer that the shop vouches for.

        Args:
            shown: A JWT with `sub` and `exp`, or `{"user_id": ..., "hash": ...}`.

        Raises:
            Rejected: With the reason `identity`, or `identity_expired` for an old JWT.
        """
        if self._secret is None:
            raise Rejected(None, "identity")
        if self._method == "hmac":
            return self._by_hmac(shown, self._secret)
        try:
            return self._by_jwt(shown, self._secret)
        except jwt.ExpiredSignatureError:
            raise Rejected(None, "identity_expired") from None
        except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
            raise Rejected(None, "identity") from None

    def _by_jwt(self, shown: object, secret: str) -> Customer:
        if not isinstance(shown, str) or len(shown) > _MAX_JWT_CHARACTERS:
            raise Rejected(None, "identity")
        claims: dict[str, Any] = jwt.decode(
            shown,
            secret,
            algorithms=self._algorithms,
            leeway=_CLOCKS_DIFFER_SECONDS,
            options={"require": ["exp", "iat", "sub"], "verify_aud": False},
        )
        if claims["exp"] - claims["iat"] > MAX_JWT_SECONDS:
            raise Rejected(None, "identity")
        return _customer(claims["sub"], claims)

    def _by_hmac(self, shown: object, secret: str) -> Customer:
        user, given = (
            (shown.get("user_id"), shown.get("hash")) if isinstance(shown, dict) else (None, None)
        )
        if not isinstance(user, str) or not isinstance(given, str):
            raise Rejected(None, "identity")
        expected = hmac.new(secret.encode(), _bytes(user), hashlib.sha256).hexdigest()
        # Bytes, because `compare_digest` refuses strings with characters beyond ASCII.
        if not hmac.compare_digest(_bytes(given.lower()), expected.encode()):
            raise Rejected(None, "identity")
        return _customer(user, {})


def _customer(user: object, claims: dict[str, Any]) -> Customer:
    if not isinstance(user, str) or not 0 < len(user) <= MAX_ID_CHARACTERS:
        raise Rejected(None, "identity")
    profile = {
        key: value[:MAX_PROFILE_CHARACTERS]
        for key in _PROFILE
        if isinstance(value := claims.get(key), str)
    }
    return Customer(user, profile)


def _bytes(text: str) -> bytes:
    """Encode whatever a client sent, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def _complaint(wanted: str, received: object) -> str:
    return (
        f"`identity` must {wanted}. Received: {received!r}. Set it in credentials.yml under "
        "rasa_project.channels.webchat.WebChatInput."
    )
