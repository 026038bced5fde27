"""Brings agents' files to the customer's channel and fetches customers' files from there.

The channel keeps all files; nothing of them lies at the desk. See `file_routes.py` of the channel.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp

from rasa_project.desk.errors import RequestError
from rasa_project.desk.outbound.rasa_client import RasaClient

_PATH: Final = "webchat/desk/files"
_CUSTOMERS_PATH: Final = "{channel}/desk/files/{file_id}"
# Of an answer, where a file is not to be had; what passes is no reason to look elsewhere.
_PASSES: Final = 503
_WORDS_CHARACTERS: Final = 500
# As long as a phone's network may take for a file of the usual size.
_SECONDS: Final = 600.0
_ASK_SECONDS: Final = 10.0
_GIVEN: Final = frozenset({200, 206})


class ChannelFiles:
    """The files of one Rasa server.

    Args:
        rasa: The server.
    """

    def __init__(self, rasa: RasaClient) -> None:
        self._rasa = rasa

    async def taken(self, channel: str) -> dict[str, Any]:
        """Say what a channel takes: `takes`, and then `max_bytes`, `accept`, `most`, else `why`."""
        timeout = aiohttp.ClientTimeout(total=_ASK_SECONDS)
        query = {"channel": channel}
        try:
            async with self._rasa.ask("GET", _PATH, params=query, timeout=timeout) as answer:
                if answer.status == 200:
                    return dict(await answer.json())
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return {"takes": False, "why": "unreachable"}
        return {"takes": False, "why": "not_here"}

    async def bring(
        self, conversation: str, client: str, name: str, parts: AsyncIterator[bytes]
    ) -> dict[str, Any]:
        """Hand an agent's file over; the same once more where it was handed over before.

        Raises:
            RequestError: It is not taken; says why.
        """
        query = {"conversation": conversation, "id": client, "name": name}
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with self._rasa.ask(
                "POST", _PATH, params=query, data=parts, timeout=timeout
            ) as answer:
                told: dict[str, Any] = await answer.json(content_type=None)
                status = answer.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise RequestError(
                409, "files_unreachable", "The chat's server cannot be reached. Try again."
            ) from error
        if status == 200:
            return told
        reason = str(told.get("reason") or "not_here")
        raise RequestError(
            409, f"file_{reason.removeprefix('file_')}", str(told.get("error") or "Not taken.")
        )

    @asynccontextmanager
    async def fetch(
        self, conversation: str, channel: str, file_id: str, stretch: str | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Fetch a file of a conversation.

        Args:
            conversation: Whose.
            channel: Which keeps it.
            file_id: Of letters and digits.
            stretch: The header Range of whoever wants only a part; the answer is 206 then.

        Raises:
            RequestError: It cannot be had, or not yet; says why.
        """
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        query = {"conversation": conversation}
        headers = {"Range": stretch} if stretch else {}
        try:
            path = _CUSTOMERS_PATH.format(channel=channel, file_id=file_id)
            async with self._rasa.ask(
                "GET", path, params=query, timeout=timeout, headers=headers
            ) as answer:
                if answer.status not in _GIVEN:
                    raise await _missing(answer)
                yield answer
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise RequestError(
                409, "files_unreachable", "The chat's server cannot be reached. Try again."
            ) from error


async def _missing(answer: aiohttp.ClientResponse) -> RequestError:
    """Say why there is no file, in the channel's words where it has some."""
    words = ""
    if answer.content_type == "application/json":
        told = await answer.json()
        words = str(told.get("error") or "") if isinstance(told, dict) else ""
    words = words[:_WORDS_CHARACTERS] or "This file is not there any more."
    if answer.status == _PASSES:
        return RequestError(409, "file_pending", words)
    return RequestError(404, "no_file", words)
