"""An agent at the desk who, like the page, asks again until answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.kill_test.patience import within

_HEADERS = {"X-Attune-Desk": "1"}
_RETRY_SECONDS = 0.1
_LOOK_SECONDS = 0.3
_ANSWER_SECONDS = 20.0


class Agent:
    """Somebody who is signed in.

    Args:
        url: Address of the desk.
        acted: Called as a change is on its way to the desk.
    """

    def __init__(self, url: str, acted: Callable[[], None]) -> None:
        self._url = url
        self._acted = acted
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        cookies = aiohttp.CookieJar(unsafe=True)  # an address without a name keeps them too
        self._http = aiohttp.ClientSession(cookie_jar=cookies, timeout=timeout, headers=_HEADERS)

    async def enter(self, name: str, one_time: str, display_name: str) -> None:
        """Sign in for the first time."""
        await self._ask("POST", "sign-in", {"name": name, "password": one_time})
        chosen = {"password": _own_password(display_name), "display_name": display_name}
        await self._ask("POST", "password", chosen)

    async def enters_again(self, name: str, display_name: str) -> None:
        """Sign in as at any later time."""
        password = _own_password(display_name)
        status, body = await self._ask("POST", "sign-in", {"name": name, "password": password})
        assert status == 200, body

    async def leave(self) -> None:
        """Close the browser."""
        await self._http.close()

    async def finds(self, conversation: str) -> int:
        """Wait until a conversation is in the queue; return its ticket."""
        return await within(self._find(conversation), f"no ticket came for {conversation}")

    async def takes(self, ticket: int) -> int:
        """Try to take a conversation; return the status, 200 or 409."""
        return (await self._change(f"tickets/{ticket}/claim", {}))[0]

    async def says(self, ticket: int, message_id: str, text: str) -> None:
        """Answer the customer."""
        status, body = await self._change(
            f"tickets/{ticket}/messages", {"id": message_id, "text": text}
        )
        assert status == 200, body

    async def types(self, ticket: int) -> None:
        """Write at an answer."""
        status, body = await self._change(f"tickets/{ticket}/presence", {"typing": True})
        assert status == 200, body

    async def ends(self, ticket: int, how: str, note: str) -> None:
        """Hand back or resolve."""
        status, body = await self._change(f"tickets/{ticket}/{how}", {"note": note})
        assert status == 200, body

    async def reads(self, ticket: int, text: str) -> None:
        """Wait until a customer's words are in the transcript."""
        await within(self._read(ticket, text), f"the agent never read {text!r}")

    async def opens_a_file(self, ticket: int) -> bytes:
        """Wait until a customer's file is in the transcript, and open it."""
        return await within(self._open(ticket), "the agent never saw a file")

    async def _open(self, ticket: int) -> bytes:
        while True:
            _, body = await self._ask("GET", f"tickets/{ticket}")
            for entry in body["messages"]:
                for number, file in enumerate(entry["files"]):
                    if file["here"]:
                        url = f"{self._url}/api/messages/{entry['id']}/files/{number}"
                        async with self._http.get(url) as answer:
                            content = await answer.read()
                        assert answer.status == 200, content
                        return content
            await asyncio.sleep(_LOOK_SECONDS)

    async def _find(self, conversation: str) -> int:
        while True:
            _, body = await self._ask("GET", "tickets")
            for ticket in body["tickets"]:
                if ticket["conversation"] == conversation:
                    return int(ticket["id"])
            await asyncio.sleep(_LOOK_SECONDS)

    async def _read(self, ticket: int, text: str) -> None:
        while True:
            _, body = await self._ask("GET", f"tickets/{ticket}")
            if any(entry["text"] == text for entry in body["messages"]):
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _change(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        return await within(self._ask("POST", path, body), f"the desk never did {path}")

    async def _ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask until there is an answer; a dead desk gives none."""
        while True:
            try:
                if method != "GET":
                    self._acted()
                url = f"{self._url}/api/{path}"
                async with self._http.request(method, url, json=body) as answer:
                    content = await answer.json()
                    # A fault of the desk is one to find, not to be patient with.
                    assert answer.status < 500, f"{method} {path}: {answer.status} {content}"
                    return answer.status, content
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                await asyncio.sleep(_RETRY_SECONDS)


def _own_password(display_name: str) -> str:
    return f"the password of {display_name}"
