"""Sends requests to other desks and words what can go wrong with them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

import aiohttp

from rasa_project.desk.connectors.errors import MaybeTaken, NotTaken
from rasa_project.webhooks.pauses import retry_after

_SECONDS: Final = 20.0
_CONNECT_SECONDS: Final = 5.0
_ERROR_CHARACTERS: Final = 300
_MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
# These refuse the request for what it is; a person has to change something.
_HOPELESS: Final = frozenset({400, 404, 405, 410, 413, 415, 422})


class HttpClient:
    """One other desk's HTTP API.

    Args:
        title: Its name in sentences.
        url: Its address, without a slash at the end.
        headers: Sent with every request.
        auth: Name and password, where it asks for those.
    """

    def __init__(
        self,
        title: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        auth: aiohttp.BasicAuth | None = None,
    ) -> None:
        self._title = title
        self._url = url
        self._headers = dict(headers or {})
        self._auth = auth
        self._session: aiohttp.ClientSession | None = None
        self._left_alone_until = 0.0

    async def __aenter__(self) -> HttpClient:
        timeout = aiohttp.ClientTimeout(total=_SECONDS, connect=_CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, headers=self._headers)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()

    async def request(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        allowed: frozenset[int] = frozenset(),
    ) -> tuple[int, Any]:
        """Send a request and return the status and the JSON that came back.

        Args:
            method: HTTP method.
            path: Below the desk's address.
            content: JSON-ready content, or bytes that go out as they are.
            headers: Besides the usual ones.
            query: Parameters of the address.
            allowed: Statuses besides 2xx that are an answer and no failure.

        Raises:
            NotTaken: The desk could not be reached or refused.
            MaybeTaken: The outcome is unknown; for a GET that means it could not be asked.
        """
        if self._session is None:
            raise RuntimeError("Use HttpClient as an asynchronous context manager.")
        self._require_welcome()
        raw = content if isinstance(content, bytes) or content is None else _bytes(content)
        kind = {} if raw is None else {"Content-Type": "application/json; charset=utf-8"}
        try:
            async with self._session.request(
                method, f"{self._url}{path}", data=raw, headers={**kind, **(headers or {})},
                params=query, auth=self._auth, allow_redirects=False,
            ) as answer:  # fmt: skip
                body = await answer.content.read(_MAX_ANSWER_BYTES)
        except aiohttp.ClientConnectorError as error:
            raise NotTaken(f"{self._title} cannot be reached: {error}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise MaybeTaken(f"{self._title}'s answer was lost: {error!r}") from error
        if answer.status // 100 == 2 or answer.status in allowed:
            return answer.status, self._read(body)
        failure = self._failure(answer.status, answer.headers, body)
        if isinstance(failure, NotTaken) and failure.retry_after is not None:
            self._left_alone_until = time.monotonic() + failure.retry_after
        raise failure

    def _require_welcome(self) -> None:
        """Ask nothing of a desk that wants to be left alone, in the middle of a job neither."""
        left = self._left_alone_until - time.monotonic()
        if left > 0:
            words = f"{self._title} asks to be left alone for {left:.0f} s."
            raise NotTaken(words, retry_after=left)

    def _read(self, body: bytes) -> Any:
        if not body.strip():
            return {}
        try:
            return json.loads(body)
        except ValueError as error:
            raise MaybeTaken(f"{self._title} answered something that is no JSON.") from error

    def _failure(
        self, status: int, headers: Mapping[str, str], body: bytes
    ) -> NotTaken | MaybeTaken:
        words = body.decode("utf-8", "replace")[:_ERROR_CHARACTERS]
        if status == 429:
            pause = retry_after(headers, time.time())
            return NotTaken(f"{self._title} asks to be left alone for {pause:.0f} s.",
                            retry_after=pause)  # fmt: skip
        if status == 503 and "retry-after" in {name.lower() for name in headers}:
            pause = retry_after(headers, time.time())
            return NotTaken(f"{self._title} is busy or being serviced.", retry_after=pause)
        if status >= 500 or status == 408:
            return MaybeTaken(f"{self._title} answered {status}: {words}")
        if status in {401, 403}:
            return NotTaken(f"{self._title} refuses the token ({status}): {words}")
        if status // 100 == 3:
            return NotTaken(f"{self._title} points to another address; check `url`.")
        return NotTaken(f"{self._title} answered {status}: {words}", hopeless=status in _HOPELESS)


def _bytes(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
