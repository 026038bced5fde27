"""Direct messages to a Mattermost bot, which no outgoing webhook tells of.

"WebSocket" and "Get posts for a channel" of the API reference at developers.mattermost.com: the
socket tells of posts as they are made; those of the time without one are asked for.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.provider import Take
from rasa_project.channels.messaging.providers.chat_servers import Memory, word_in
from rasa_project.channels.messaging.providers.mattermost_events import (
    CHANNEL,
    POST,
    attachments,
    why_unanswered,
)
from rasa_project.channels.messaging.turn import Reading, Turn

logger = logging.getLogger(__name__)

_DIRECT: Final = "D"  # between two; with more it is a group
_DAY_SECONDS: Final = 24 * 3600.0  # later an answer confuses
# Clocks differ, and a post is made some time before the socket tells of it.
_MARGIN_SECONDS: Final = 60.0
_SHORTEST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 60.0

Get = Callable[[str], Awaitable[Any]]
Connect = Callable[[], Any]


class DirectMessages:
    """Takes what people write to the bot alone.

    Args:
        get: Asks the API; raises `NotSent` or `MaybeSent`.
        connect: Opens the socket, as an asynchronous context manager.
    """

    def __init__(self, get: Get, connect: Connect) -> None:
        self._get = get
        self._connect = connect
        self._heard_until = 0.0  # seconds since 1970; a new process asks for a day
        self._pause = _SHORTEST_PAUSE_SECONDS
        self._people = Memory()

    async def listen(self, take: Take) -> None:
        """Listen for ever; what comes while nobody listens is asked for afterwards."""
        while True:
            try:
                await self._listen(take)
            except (NotSent, MaybeSent, aiohttp.ClientError, OSError, ValueError) as error:
                logger.warning("mattermost: direct messages cannot be heard: %s", error)
            except asyncio.TimeoutError:
                logger.warning("mattermost: direct messages cannot be heard: no answer in time")
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)

    async def _listen(self, take: Take) -> None:
        own = str((await self._get("users/me")).get("id") or "")
        async with self._connect() as socket:
            begun = time.time()
            # With the socket open, so that nothing falls between the two.
            await self._catch_up(own, take)
            self._heard_until = begun
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                # It works: a server that refuses closes the socket without a word.
                self._pause = _SHORTEST_PAUSE_SECONDS
                post = _told(message.data)
                if post is not None:
                    await self._take(post, own, take)
                self._heard_until = time.time()

    async def _catch_up(self, own: str, take: Take) -> None:
        """Take the posts since somebody listened; those that came before are known by their ids."""
        day = time.time() - _DAY_SECONDS
        since = int(max(self._heard_until - _MARGIN_SECONDS, day) * 1000)
        for channel in await self._get("users/me/channels"):
            if channel.get("type") != _DIRECT or int(channel.get("last_post_at") or 0) < since:
                continue
            place = f"channels/{quote(word_in(channel, 'id'), safe='')}/posts?since={since}"
            posts = (await self._get(place)).get("posts") or {}
            new = [one for one in posts.values() if int(one["create_at"]) >= since]
            for post in sorted(new, key=lambda one: int(one["create_at"])):
                await self._take(post, own, take)

    async def _take(self, post: Mapping[str, Any], own: str, take: Take) -> None:
        try:
            reading = read_direct(post, own)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            logger.warning("mattermost: a post is not understood: %r", error)
            return
        for turn in reading.turns:
            person = await self._person(str(turn.extra["user"]))
            reading = replace(reading, turns=(replace(turn, **person),))
        await take(reading)

    async def _person(self, user_id: str) -> dict[str, Any]:
        """Return the fields of a turn that say who somebody is, as far as the server tells."""
        if user_id not in self._people:
            try:
                found = await self._get(f"users/{quote(user_id, safe='')}")
            except (NotSent, MaybeSent) as error:
                logger.info("mattermost: who %s is cannot be asked: %s", user_id, error)
                return {}
            self._people[user_id] = _fields_of(found)
        known: dict[str, Any] = self._people[user_id]
        return known


def read_direct(post: Mapping[str, Any], own: str) -> Reading:
    """Read a post of a direct channel.

    Args:
        post: As the API gives it.
        own: The bot's user.
    """
    if post["user_id"] == own:
        return Reading(ignored=("our own message",))
    if why_not := ("a deleted message" if post.get("delete_at") else why_unanswered(post)):
        return Reading(ignored=(why_not,))
    at, channel = float(post["create_at"]) / 1000, word_in(post, "channel_id")
    turn = Turn(
        id=word_in(post, "id"),
        customer=channel,  # what is said between two stays between them
        text=str(post.get("message") or ""),
        order=at,
        sent_at=at,
        attachments=attachments(post),
        route={CHANNEL: channel, POST: str(post.get("root_id") or "")},
        extra={"user": word_in(post, "user_id")},
    )
    return Reading(turns=(turn,))


def _fields_of(user: Mapping[str, Any]) -> dict[str, str]:
    names = [str(user.get(key) or "") for key in ("first_name", "last_name")]
    zones = user.get("timezone") or {}
    automatic = str(zones.get("useAutomaticTimezone")).lower() != "false"
    return {
        "name": " ".join(filter(None, names)) or str(user.get("username") or ""),
        "language": str(user.get("locale") or ""),
        "time_zone": str(zones.get("automaticTimezone" if automatic else "manualTimezone") or ""),
    }


def _told(text: str) -> Mapping[str, Any] | None:
    """Return the post that the socket tells of; none where it is about no direct message."""
    try:
        event = json.loads(text)
        data = event.get("data") or {}
        if event.get("event") != "posted" or data.get("channel_type") != _DIRECT:
            return None
        post = json.loads(data["post"])
        return post if isinstance(post, dict) else None
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        logger.warning("mattermost: an event is not understood: %r", error)
        return None
