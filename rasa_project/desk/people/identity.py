"""Who asks something of the desk, and from where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Visitor:
    """A browser or program before the desk knows whose it is.

    Attributes:
        address: Where it comes from; empty where a proxy hides that.
        browser: What it calls itself.
        known: The token of a browser in which somebody signed in before, or none.
    """

    address: str = ""
    browser: str = ""
    known: str | None = None


@dataclass(frozen=True)
class Identity:
    """Who is signed in, and until when.

    Attributes:
        agent_id: Key in the table of agents.
        name: Sign-in name.
        display_name: What customers and colleagues read.
        role: One of `roles.ROLES`.
        must_change_password: Signed in with a one-time password, so nothing else is allowed yet.
        session: Hash of the session's token, or of the API token.
        expires_at: Seconds since 1970.
        token: Name of the API token, none for a browser.
        has_password: Signs in with a password here, not only with an identity provider.
    """

    agent_id: int
    name: str
    display_name: str
    role: str
    must_change_password: bool
    session: str
    expires_at: float
    token: str | None = None
    has_password: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return what the agent's own page may know."""
        return {
            "id": self.agent_id,
            "name": self.name,
            "display_name": self.display_name,
            "role": self.role,
            "must_change_password": self.must_change_password,
            "has_password": self.has_password,
        }


def hash_token(token: str) -> str:
    """Return what is stored of a token.

    A fast hash is enough: the token is random, so it cannot be guessed from its hash.
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
