"""Shows customers that an agent writes, on channels whose service has a sign for that.

    POST /webhooks/<channel>/desk/presence {"conversation": …, "typing": true}  by the desk

It holds for seconds: nothing is kept, nothing is tried again, and nothing waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy import select

from rasa_project.channels.desk_door import DeskDoor, is_conversation
from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.part import Recipient
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.tables import Customer, Received
from rasa_project.channels.messaging.turn import customer_in, short

logger = logging.getLogger(__name__)

_REMEMBERED: Final = 10_000


class AgentTyping:
    """What one channel's customers see of agents who write.

    Args:
        provider: The channel.
        database: Knows the customers.
    """

    def __init__(self, provider: Provider, database: Database) -> None:
        self._provider = provider
        self._database = database
        self._shown: dict[str, float] = {}

    async def show(self, customer: str) -> None:
        """Show it to a customer, unless it shows already."""
        now, every = time.monotonic(), self._provider.typing_seconds
        if not every or self._shown.get(customer, -every) > now - every:
            return
        if len(self._shown) >= _REMEMBERED:
            self._shown.clear()
        self._shown[customer] = now
        found = await asyncio.to_thread(self._find, customer)
        if found is None:
            return
        try:
            await self._provider.typing(*found)
        except Exception as error:
            logger.info("%s: no sign of typing: %s", self._provider.name, error)

    def _find(self, customer: str) -> tuple[Recipient, str] | None:
        """Return where a customer is, and the id of what they said last."""
        name, channel = short(customer), self._provider.name
        latest = (
            select(Received.delivery_id)
            .where(Received.channel == channel, Received.customer == name)
            .order_by(Received.id.desc())
            .limit(1)
        )
        with self._database.read() as session:
            row = session.get(Customer, (channel, name))
            said = session.scalar(latest)
        return None if row is None or said is None else (Recipient(name, row.route), said)


class TypingRoute:
    """The route of one channel.

    Args:
        shown: Gives what shows it, in this process.
        door: Lets the desk in.
        channel: Its name.
    """

    def __init__(
        self, shown: Callable[[], AgentTyping], door: Callable[[], DeskDoor], channel: str
    ) -> None:
        self._shown = shown
        self._door = door
        self._channel = channel

    def add(self, blueprint: Blueprint) -> None:
        """Add the route."""

        async def desk_presence(request: Request) -> HTTPResponse:
            self._door().admit(request)
            return await self._take(request.json)

        blueprint.add_route(desk_presence, "/desk/presence", methods=["POST"])

    async def _take(self, told: Any) -> HTTPResponse:
        asked = told if isinstance(told, dict) else {}
        conversation = asked.get("conversation")
        if not is_conversation(conversation):
            return json({"error": "`conversation` must be a conversation's id."}, status=400)
        if asked.get("typing") is True:
            await self._shown().show(customer_in(conversation, self._channel))
        return json({})
