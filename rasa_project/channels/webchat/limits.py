"""How much one session and one address may ask of the server."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

# Some megabytes at most; who has not asked for longest is forgotten first.
REMEMBERED: Final = 20_000


@dataclass(frozen=True)
class Rate:
    """An allowance: so many at once, and so many a minute in the long run."""

    burst: int
    per_minute: float


@dataclass
class _Bucket:
    left: float
    filled: float  # when, by the limiter's clock


class Limits(Protocol):
    """Something that counts."""

    async def wait(self, name: str) -> float:
        """Take one from a name's allowance; see `Limiter.wait`."""

    async def close(self) -> None:
        """Let go of what is open."""


class Limiter:
    """Token buckets, one for each name.

    Each worker process counts by itself; see `shared_limits.py` for those that count together.

    Args:
        rate: What each name is allowed.
        clock: Seconds that never go back.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    async def wait(self, name: str) -> float:
        """Take one from the allowance.

        Returns:
            0 where there was one, else the seconds until there is; nothing is taken then.
        """
        per_second = self._rate.per_minute / 60
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(self._rate.burst, now))
        self._buckets.move_to_end(name)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        refilled = bucket.left + (now - bucket.filled) * per_second
        bucket.left, bucket.filled = min(refilled, float(self._rate.burst)), now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0.0
        return (1 - bucket.left) / per_second

    async def close(self) -> None:
        """Do nothing; see `Limits.close`."""
