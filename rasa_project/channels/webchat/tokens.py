"""Signed session tokens: who may read and write which conversation.

The conversation's id is Rasa's sender id and shows up in logs, in the tracker store and in the
agents' desk, so it must not be a key by itself; only the server can make the token that opens it.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any, Final

import jwt

from rasa_project.channels.webchat.keys import Keys
from rasa_project.channels.webchat.refusals import Rejected

_ALGORITHM: Final = "HS256"
# Keeps a token made here from being valid anywhere else the same secret may be used.
_AUDIENCE: Final = "attune-webchat"
_ID_BYTES: Final = 16
_DAY: Final = 86_400.0
# A page that comes once within this share of a token's life never meets its end.
_RENEWED_AFTER: Final = 0.25
_MAX_CHARACTERS: Final = 2_000


@dataclass(frozen=True)
class Session:
    """One browser's claim to one conversation.

    Attributes:
        id: The session's own; renewed tokens carry it on, a log-out ends it.
        sender: Rasa's sender id. Opens nothing by itself.
        customer: Whether the shop vouched for who this is.
        issued: When this token was made, seconds since 1970.
        expires: When it ends.
        token: What the browser keeps and shows.
    """

    id: str
    sender: str
    customer: bool
    issued: float
    expires: float
    token: str


class SessionTokens:
    """Issues session tokens and opens those that it issued.

    Args:
        keys: What they are signed with.
        days: How long a token lives; one that is shown in time is renewed.
    """

    def __init__(self, keys: Keys, days: float) -> None:
        self._keys = keys
        self._seconds = days * _DAY

    def issue(self, sender: str | None = None, *, customer: bool = False) -> Session:
        """Start a session, of a new conversation where no sender id is given."""
        return self._sign(new_id(), new_id() if sender is None else sender, customer)

    def open(self, token: object) -> Session:
        """Return the session that a token stands for.

        Raises:
            Rejected: With the reason `expired`, or `session` where it was never issued here.
        """
        if not isinstance(token, str) or len(token) > _MAX_CHARACTERS:
            raise Rejected(None, "session")
        try:
            secret = self._keys.secret(jwt.get_unverified_header(token).get("kid"))
            if secret is None:
                raise Rejected(None, "session")
            claims = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "iat", "sub", "sid", "aud"]},
            )
            return _session(claims, token)
        except jwt.ExpiredSignatureError:
            raise Rejected(None, "expired") from None
        except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
            raise Rejected(None, "session") from None

    def renewed(self, session: Session) -> Session:
        """Return the session with a fresh token, or as it is while its token is young."""
        if time.time() < session.issued + _RENEWED_AFTER * self._seconds:
            return session
        return self._sign(session.id, session.sender, session.customer)

    def _sign(self, session_id: str, sender: str, customer: bool) -> Session:
        key_id, secret = self._keys.signing()
        now = time.time()
        claims = {
            "aud": _AUDIENCE,
            "sid": session_id,
            "sub": sender,
            "cus": customer,
            "iat": now,
            "exp": now + self._seconds,
        }
        token = jwt.encode(claims, secret, algorithm=_ALGORITHM, headers={"kid": key_id})
        return _session(claims, token)


def new_id() -> str:
    """Return an id that cannot be guessed, 32 hexadecimal digits."""
    return secrets.token_hex(_ID_BYTES)


def _session(claims: dict[str, Any], token: str) -> Session:
    return Session(
        str(claims["sid"]),
        str(claims["sub"]),
        claims.get("cus") is True,
        float(claims["iat"]),
        float(claims["exp"]),
        token,
    )
