"""Gives customers' files to the desk.

    GET /webhooks/<channel>/desk/files/<id>?conversation=…    with the desk's token

A file that is still on its way is waited for, for some seconds. Where there is none, the answer
says in a sentence why.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import json

from rasa_project.channels.desk_door import DeskDoor
from rasa_project.channels.files import intake
from rasa_project.channels.files.giving import give
from rasa_project.channels.messaging.media.shelf import QUOTA
from rasa_project.channels.messaging.running import Running
from rasa_project.channels.messaging.turn import customer_in

_WAIT_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.3
_WORDS: Final = {
    intake.TOO_LARGE: "This file was not kept: it is larger than {megabytes:g} MB.",
    intake.EMPTY: "This file was not kept: it is empty.",
    intake.TYPE: "This file was not kept: files of this kind are not taken.",
    intake.INFECTED: "This file was not kept: something harmful was found in it.",
    intake.UNSCANNED: "This file is not here yet: it could not be checked. Try again in a moment.",
    QUOTA: "This file was not kept: the customer sent too much within a day.",
}
_GONE: Final = "This file is not there any more."


class FileRoutes:
    """The route of one channel.

    Args:
        running: Gives the channel's work in this process.
        door: Lets the desk in.
    """

    def __init__(self, running: Callable[[], Running], door: Callable[[], DeskDoor]) -> None:
        self._running = running
        self._door = door

    def add(self, blueprint: Blueprint) -> None:
        """Add the route."""

        async def customers_file(request: Request, file_id: str) -> Any:
            self._door().admit(request)
            return await self._give(request, file_id, request.args.get("conversation", ""))

        blueprint.add_route(customers_file, "/desk/files/<file_id:str>", methods=["GET"])

    async def _give(self, request: Request, file_id: str, conversation: str) -> Any:
        row = await self._when_it_is_here(file_id, conversation)
        fetcher = self._running().fetcher
        if row is None or fetcher is None:
            return _refusal(404, "file_gone", _GONE)
        if row.state == "pending":
            return _refusal(503, "file_pending", self._waiting(row.error))
        if row.state == "dead":
            return _refusal(404, "file_refused", self._words(row.error))
        place = fetcher.vault.place(row.id)
        if not place.is_file():
            return _refusal(404, "file_gone", _GONE)
        return await give(request, place, row)

    async def _when_it_is_here(self, file_id: str, conversation: str) -> Any:
        running = self._running()
        customer = customer_in(conversation, running.provider.name)
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            row = await asyncio.to_thread(running.shelf.find, file_id, customer)
            # What failed once may take long: the page is told instead.
            on_its_way = row is not None and row.state == "pending" and row.error is None
            if not on_its_way or time.monotonic() > deadline:
                return row
            await asyncio.sleep(_LOOK_SECONDS)

    def _waiting(self, error: str | None) -> str:
        if error in _WORDS:
            return self._words(error)
        because = f": {error.rstrip('.')}" if error else ""
        return f"This file is not here yet{because}. It is fetched as soon as that works."

    def _words(self, error: str | None) -> str:
        reason = error or ""
        if reason not in _WORDS:
            return f"This file could not be had: {reason.rstrip('.')}."
        fetcher = self._running().fetcher
        most = fetcher.settings.max_bytes / 1_000_000 if fetcher else 0.0
        return _WORDS[reason].format(megabytes=most)


def _refusal(status: int, reason: str, words: str) -> Any:
    return json({"error": words, "reason": reason}, status=status)
