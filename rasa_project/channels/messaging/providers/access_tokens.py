"""Access tokens that live for some hours: fetched when needed, kept, fetched again when refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

# Before its end, so that a token does not end on the way.
_MARGIN_SECONDS: Final = 300.0


@dataclass(frozen=True)
class AccessToken:
    """What a service gave.

    Attributes:
        value: The token.
        seconds: How long it lives from now on.
    """

    value: str
    seconds: float


class AccessTokens:
    """The current token of one app in one server process; a restart fetches another.

    Args:
        fetch: Gets a token; it is told which one the service refused, or "".
    """

    def __init__(self, fetch: Callable[[str], Awaitable[AccessToken]]) -> None:
        self._fetch = fetch
        self._lock = asyncio.Lock()
        self._value = ""
        self._refused = ""
        self._until = 0.0

    async def get(self) -> str:
        """Return a token that should be good.

        Raises:
            NotSent: The service gives none.
            MaybeSent: Its answer was lost.
        """
        async with self._lock:
            if not self._value or time.monotonic() >= self._until:
                token = await self._fetch(self._refused)
                margin = min(_MARGIN_SECONDS, token.seconds / 2)
                self._value, self._until = token.value, time.monotonic() + token.seconds - margin
                self._refused = ""
            return self._value

    def refuse(self, value: str) -> None:
        """Say that the service did not take a token."""
        if value == self._value:
            self._value, self._refused = "", value
