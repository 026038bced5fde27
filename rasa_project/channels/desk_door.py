"""Lets the agents' desk in, by the token of the server's own API."""

from __future__ import annotations

import hmac
from typing import Final, TypeGuard

from sanic.exceptions import SanicException
from sanic.request import Request

MIN_TOKEN_CHARACTERS: Final = 8
_PREFIX: Final = "Bearer "
_MAX_CONVERSATION_CHARACTERS: Final = 255


def is_conversation(named: object) -> TypeGuard[str]:
    """Say whether what the desk names can be a conversation's id."""
    return isinstance(named, str) and len(named) <= _MAX_CONVERSATION_CHARACTERS


class DeskDoor:
    """The door to what only the desk may ask.

    Args:
        token: What it shows; where it is missing or short, nobody is let in.
    """

    def __init__(self, token: str) -> None:
        self._token = token if len(token) >= MIN_TOKEN_CHARACTERS else ""

    def admit(self, request: Request) -> None:
        """Let a request in.

        Raises:
            SanicException: With 401: it does not show the token, or there is none.
        """
        shown = request.headers.get("authorization", "").removeprefix(_PREFIX)
        known = self._token.encode("utf-8", "replace")
        if not known or not hmac.compare_digest(shown.encode("utf-8", "replace"), known):
            raise SanicException("Show the server's token.", status_code=401)
