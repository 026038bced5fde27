"""Limits that all workers and hosts of a service count together, in Redis."""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from rasa_project.channels.webchat.limits import Limiter, Rate

logger = logging.getLogger(__name__)

_PREFIX: Final = "attune-webchat:limit"
_SECONDS: Final = 1.0  # longer nobody waits for a count
_SILENT_SECONDS: Final = 30.0  # until a Redis that failed is asked again
# One token bucket, by Redis's own clock; see `Limiter`. Gives the milliseconds to wait.
_TAKE: Final = """
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'left', 'filled')
local left = tonumber(bucket[1]) or burst
left = math.min(burst, left + (now - (tonumber(bucket[2]) or now)) * rate)
local wait = 0
if left >= 1 then left = left - 1 else wait = math.ceil((1 - left) / rate) end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'filled', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate) + 1000)
return wait
"""


class SharedLimiter:
    """Token buckets like `Limiter`, counted once for all that share a Redis.

    While Redis is away, each process counts by itself: nobody is shut out by it.

    Args:
        url: Of the Redis.
        name: Of the limit, such as `address_messages`.
        rate: What each of its names is allowed.
    """

    def __init__(self, url: str, name: str, rate: Rate) -> None:
        self._name = name
        self._rate = rate
        self._url = url
        self._redis: Any = None
        self._alone = Limiter(rate)
        self._asks_from = 0.0

    async def wait(self, name: str) -> float:
        """Take one from the allowance; see `Limiter.wait`."""
        if time.monotonic() < self._asks_from:
            return await self._alone.wait(name)
        if self._redis is None:  # here, because a connection does not survive a fork
            # One line, so that who asked first is answered first: messages keep their order.
            self._redis = Redis.from_url(
                self._url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS,
                single_connection_client=True,
            )  # fmt: skip
        key = f"{_PREFIX}:{self._name}:{name}"
        per_millisecond = self._rate.per_minute / 60_000
        try:
            taken = await self._redis.eval(_TAKE, 1, key, per_millisecond, self._rate.burst)
            return float(taken) / 1000
        except (RedisError, OSError) as error:
            self._asks_from = time.monotonic() + _SILENT_SECONDS
            logger.warning("Limits are counted by each worker: Redis does not answer: %s", error)
            return await self._alone.wait(name)

    async def close(self) -> None:
        """Hang up, while there is still an event loop to do so."""
        if self._redis is not None:
            await self._redis.close(close_connection_pool=True)
