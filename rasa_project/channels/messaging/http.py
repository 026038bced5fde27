"""Sends requests to messaging services and words what can go wrong with them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.media.download import Downloads
from rasa_project.webhooks.pauses import retry_after

_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 5.0
_HEARTBEAT_SECONDS: Final = 20.0  # a line that is cut without a word is noticed
_MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
_ERROR_CHARACTERS: Final = 300


@dataclass(frozen=True)
class Reply:
    """What a service answered.

    Attributes:
        status: HTTP status.
        headers: As they came.
        content: The JSON that came back, empty where it was none.
        text: The beginning of the body, for error messages.
    """

    status: int
    headers: Mapping[str, str]
    content: Any
    text: str

    def require_success(self, title: str) -> None:
        """Hold that the status is 2xx.

        Raises:
            NotSent: The service refused; for good with a 4xx that is not about the credentials.
            MaybeSent: It failed midway.
        """
        if self.status // 100 == 2:
            return
        words = f"{title} answered {self.status}: {self.text}"
        if self.status == 429 or (self.status == 503 and "Retry-After" in self.headers):
            pause = retry_after(self.headers, time.time())
            raise NotSent(words, retry_after=pause, everyone=True)
        if self.status >= 500 or self.status == 408:
            raise MaybeSent(words)
        raise NotSent(words, hopeless=self.status not in {401, 403, 404})


class Http:
    """Requests of one channel.

    Args:
        title: The service's name in sentences.

    Attributes:
        files: Fetches what customers send.
    """

    def __init__(self, title: str) -> None:
        self.files = Downloads(title)
        self._title = title
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        content: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        auth: aiohttp.BasicAuth | None = None,
        seconds: float = _SECONDS,
    ) -> Reply:
        """Send a request.

        Args:
            method: HTTP method.
            url: Whole address.
            content: JSON-ready content.
            headers: Besides the usual ones.
            query: Parameters of the address.
            form: In place of `content`, as an HTML form sends it.
            auth: Name and password.
            seconds: How long to wait.

        Raises:
            NotSent: The service could not be reached.
            MaybeSent: Its answer was lost.
        """
        timeout = aiohttp.ClientTimeout(total=seconds, connect=_CONNECT_SECONDS)
        body: dict[str, Any] = {} if content is None else {"json": content}
        try:
            async with self._open().request(
                method, url, headers=headers, params=query, data=form, auth=auth,
                allow_redirects=False, timeout=timeout, **body,
            ) as answer:  # fmt: skip
                raw = await answer.content.read(_MAX_ANSWER_BYTES)
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"{self._title} cannot be reached: {error.os_error}") from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            # The words of some of these hold the address, and some addresses hold the token.
            raise MaybeSent(f"{self._title}'s answer was lost: {type(error).__name__}") from None
        return _reply(answer, raw)

    def socket(self, url: str, headers: Mapping[str, str]) -> Any:
        """Open a WebSocket, as an asynchronous context manager that gives aiohttp's.

        Args:
            url: Its address, with http or https.
            headers: Of the request that opens it.
        """
        return self._open().ws_connect(
            url, headers=headers, heartbeat=_HEARTBEAT_SECONDS, timeout=_CONNECT_SECONDS
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self.files.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(json_serialize=_json)
        return self._session


async def as_reply(answer: aiohttp.ClientResponse) -> Reply:
    """Read an answer that came in place of a file."""
    return _reply(answer, await answer.content.read(_MAX_ANSWER_BYTES))


def _reply(answer: aiohttp.ClientResponse, raw: bytes) -> Reply:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        content = {}
    text = raw.decode("utf-8", "replace")[:_ERROR_CHARACTERS]
    return Reply(answer.status, answer.headers, content, text)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace").decode()
