"""Fetches files from a messaging service, and words what can go wrong with that."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import aiohttp
from yarl import URL

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.media.guard import (
    PublicResolver,
    is_own,
    require_host,
    require_public,
)
from rasa_project.webhooks.pauses import retry_after

_CHUNK_BYTES: Final = 64 * 1024
_HOPS: Final = 5
_TIMEOUT: Final = aiohttp.ClientTimeout(total=600.0, sock_connect=10.0, sock_read=60.0)
_SENT_ON: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_MENDABLE: Final = frozenset({401, 403})
_SOON_SECONDS: Final = 2.0

Look = Callable[[aiohttp.ClientResponse], Awaitable[None]]


class Downloads:
    """Downloads of one channel.

    Args:
        title: The service's name in sentences.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._known: aiohttp.ClientSession | None = None
        self._foreign: aiohttp.ClientSession | None = None

    async def read(
        self,
        url: str,
        base: str = "",
        hosts: Sequence[str] = (),
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        auth: aiohttp.BasicAuth | None = None,
        look: Look | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """Yield a file's bytes.

        Args:
            url: Where it is: at the service's own address, or at one of the hosts.
            base: The service's own address as it is configured, which may be on any network.
            hosts: Where the service keeps files by its contract, by https alone; a name that begins
                with a dot stands for all below it.
            headers: For that address alone, and for no other that it sends us on to.
            query: Likewise.
            auth: Likewise.
            look: Raises what an answer means that is no file, in the service's own words.

        Raises:
            NotSent: The service does not give it.
            MaybeSent: It failed midway.
        """
        given: dict[str, Any] = {"headers": headers, "params": query, "auth": auth}
        async with self._open(self._first(url, base, hosts), base, given) as answer:
            if look is not None:
                await look(answer)
            _require_file(answer, self._title)
            async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
                yield chunk

    async def close(self) -> None:
        """Let go of the connections."""
        for session in filter(None, (self._known, self._foreign)):
            await session.close()
        self._known = self._foreign = None

    def _first(self, url: str, base: str, hosts: Sequence[str]) -> URL:
        try:
            at = URL(url)
            if not is_own(at, base):
                require_host(at, hosts, self._title)
        except ValueError as error:
            raise NotSent(f"{self._title} names no address.", hopeless=True) from error
        return at

    @contextlib.asynccontextmanager
    async def _open(
        self, at: URL, base: str, given: dict[str, Any]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with contextlib.AsyncExitStack() as stack:
                yield await self._follow(stack, at, base, given)
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"{self._title}'s files cannot be reached: {error.os_error}") from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            # The words of some of these hold the address, and some addresses hold the token.
            raise MaybeSent(f"{self._title}'s file was cut off: {type(error).__name__}") from None

    async def _follow(
        self, stack: contextlib.AsyncExitStack, at: URL, base: str, given: dict[str, Any]
    ) -> aiohttp.ClientResponse:
        """Go where the service sends us on to, without its secrets, and not into our network."""
        session = self._session(foreign=False)
        for _ in range(_HOPS):
            answer = await stack.enter_async_context(
                session.get(at, allow_redirects=False, timeout=_TIMEOUT, **given)
            )
            if answer.status not in _SENT_ON:
                return answer
            onward = self._onward(at, answer.headers.get("Location", ""))
            own = is_own(onward, base)
            if not own:
                require_public(onward, self._title)
            session = self._session(foreign=not own)
            kept = ("headers", "auth") if onward.origin() == at.origin() else ()
            given = {key: given[key] for key in kept if key in given}
            at = onward
        raise NotSent(f"{self._title} sends us on and on.", hopeless=True)

    def _onward(self, at: URL, place: str) -> URL:
        try:
            onward = at.join(URL(place))
            onward.origin()
        except ValueError as error:
            raise NotSent(f"{self._title} sends us on to nowhere.", hopeless=True) from error
        return onward

    def _session(self, *, foreign: bool) -> aiohttp.ClientSession:
        if foreign:
            if self._foreign is None:
                connector = aiohttp.TCPConnector(resolver=PublicResolver())
                self._foreign = aiohttp.ClientSession(connector=connector)
            return self._foreign
        if self._known is None:
            self._known = aiohttp.ClientSession()
        return self._known


def _require_file(answer: aiohttp.ClientResponse, title: str) -> None:
    status = answer.status
    if status == 200:
        return
    words = f"{title} answered {status} in place of a file"
    if status == 202:
        raise NotSent(f"{title} still prepares the file", retry_after=_SOON_SECONDS)
    if status in _GONE:
        raise NotSent(f"{title} has the file no more", hopeless=True)
    if status == 429 or (status == 503 and "Retry-After" in answer.headers):
        raise NotSent(words, retry_after=retry_after(answer.headers, time.time()), everyone=True)
    if status >= 500 or status == 408:
        raise MaybeSent(words)
    raise NotSent(words, hopeless=status not in _MENDABLE)
