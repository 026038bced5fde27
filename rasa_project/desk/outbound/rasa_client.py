"""Speaks to Rasa's HTTP API: appends events to a conversation, and looks whether they arrived."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from rasa_project.errors import CHANNEL_REFUSES

# Rasa waits up to 60 s for a conversation's lock; who hangs up earlier cannot know the outcome.
_POST_SECONDS = 75.0
_GET_SECONDS = 30.0
_ERROR_CHARACTERS = 600
_EXPLAIN_SECONDS = 10.0
_PATH_CHARACTERS = ":@!$&'()*+,;="


class NotDelivered(Exception):
    """Rasa does not have the events.

    Attributes:
        hopeless: Trying again cannot help, because Rasa refused the request for what it is.
        unreachable: Nobody listens at Rasa's address, as while it starts.
    """

    def __init__(self, message: str, *, hopeless: bool = False, unreachable: bool = False) -> None:
        super().__init__(message)
        self.hopeless = hopeless
        self.unreachable = unreachable


class MaybeDelivered(Exception):
    """Rasa may or may not have the events: it failed midway, or its answer was lost.

    Attributes:
        unreachable: As above, when it was asked whether it has them.
    """

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class RasaClient:
    """A Rasa server's HTTP API.

    Args:
        url: Its address, without a slash at the end.
        token: Its token; empty where it asks for none.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> RasaClient:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()

    async def append(self, conversation: str, events: list[dict[str, Any]]) -> None:
        """Append events to a conversation and let its channel deliver what is said in them.

        Raises:
            NotDelivered: Rasa could not be reached or refused.
            MaybeDelivered: The outcome is unknown.
        """
        url = self._address(
            conversation, "tracker/events", output_channel="latest", execute_side_effects="true"
        )
        try:
            timeout = aiohttp.ClientTimeout(total=_POST_SECONDS, connect=5.0)
            async with self._http.post(url, json=events, timeout=timeout) as answer:
                if answer.status == 200:
                    return
                words = (await answer.text(errors="replace"))[:_ERROR_CHARACTERS]
        except aiohttp.ClientConnectorError as error:
            raise NotDelivered(f"Rasa cannot be reached: {error}", unreachable=True) from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise MaybeDelivered(f"Rasa's answer was lost: {error!r}") from error
        self._refuse(answer.status, words)

    async def has_said(self, conversation: str, message_id: str) -> bool:
        """Look whether a message is in a conversation.

        Raises:
            MaybeDelivered: Rasa could not be asked.
        """
        url = self._address(conversation, "tracker", include_events="ALL")
        try:
            timeout = aiohttp.ClientTimeout(total=_GET_SECONDS)
            async with self._http.get(url, timeout=timeout) as answer:
                if answer.status != 200:
                    raise MaybeDelivered(f"Rasa answered {answer.status} when asked.")
                tracker = await answer.json()
        except aiohttp.ClientConnectorError as error:
            raise MaybeDelivered(f"Rasa cannot be asked: {error}", unreachable=True) from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise MaybeDelivered(f"Rasa cannot be asked: {error!r}") from error
        return any(
            event.get("event") == "bot"
            and (event.get("metadata") or {}).get("message_id") == message_id
            for event in tracker.get("events") or []
        )

    async def explain(self, text: str, label: str | None) -> Any | None:
        """Ask which words moved the score of a label in a text.

        Returns:
            The server's answer, or none where it does not explain or cannot be asked.
        """
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"{self._url}/webhooks/attune/explain"
        asked = {"text": text, "label": label}
        try:
            timeout = aiohttp.ClientTimeout(total=_EXPLAIN_SECONDS)
            async with self._http.post(url, json=asked, headers=headers, timeout=timeout) as answer:
                return await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return None

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Ask a channel of the server's for something that only the desk may have.

        Args:
            method: Of the request.
            path: Below `/webhooks/`.
            **options: As `aiohttp.ClientSession.request` takes them.

        Returns:
            An asynchronous context manager that gives aiohttp's response.
        """
        given = options.pop("headers", {})
        headers = {**given, "Authorization": f"Bearer {self._token}"}
        return self._http.request(
            method, f"{self._url}/webhooks/{path}", headers=headers, **options
        )

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("Use RasaClient as an asynchronous context manager.")
        return self._session

    def _address(self, conversation: str, path: str, **query: str) -> URL:
        if self._token:
            query["token"] = self._token
        # Rasa takes the id as it stands in the address, without undoing any quoting: what may stand
        # in a path must stand there as it is, such as the colon of `telegram:4711`.
        name = quote(conversation, safe=_PATH_CHARACTERS)
        return URL(f"{self._url}/conversations/{name}/{path}", encoded=True).with_query(query)

    @staticmethod
    def _refuse(status: int, words: str) -> None:
        _, refused, reason = words.partition(CHANNEL_REFUSES)
        if refused:
            raise NotDelivered(reason.partition('"')[0].strip(), hopeless=True)
        if status >= 500:  # it may have failed after the customer's channel had the message
            raise MaybeDelivered(f"Rasa answered {status}: {words}")
        if status in {401, 403}:
            raise NotDelivered(f"Rasa refuses the token in ATTUNE_RASA_TOKEN ({status}).")
        # 404 and 409: no API enabled or no model loaded, which an operator can mend.
        raise NotDelivered(f"Rasa answered {status}: {words}", hopeless=status in {400, 413, 422})
