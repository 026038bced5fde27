"""Limits that workers count together in a real Redis."""

from __future__ import annotations

import asyncio

import pytest
from redis import Redis

from rasa_project.channels.webchat.limits import Limiter, Rate
from rasa_project.channels.webchat.settings import Settings
from rasa_project.channels.webchat.shared_limits import SharedLimiter
from tests.ports import free_ports
from tests.redis_server import RedisServer

pytestmark = pytest.mark.services

RARELY = Rate(3, 1)


async def test_two_workers_share_one_allowance_and_names_do_not(redis: RedisServer) -> None:
    workers = [SharedLimiter(redis.url, "address_messages", RARELY) for _ in range(2)]
    waits = [await workers[number % 2].wait("1.2.3.4") for number in range(4)]
    assert (waits[:3], 0 < waits[3] <= 60) == ([0, 0, 0], True)
    assert await workers[0].wait("5.6.7.8") == 0
    assert await SharedLimiter(redis.url, "address_files", RARELY).wait("1.2.3.4") == 0
    left = Redis.from_url(redis.url)
    expires = left.pttl("attune-webchat:limit:address_messages:1.2.3.4")
    assert 0 < expires <= 181_000  # nobody's address stays for long
    left.close()


async def test_what_is_taken_comes_back_with_time(redis: RedisServer) -> None:
    limiter = SharedLimiter(redis.url, "session_files", Rate(1, 600))
    waits = [await limiter.wait("s") for _ in range(2)]
    assert (waits[0], 0 < waits[1] <= 0.1) == (0, True)
    while await limiter.wait("s"):
        await asyncio.sleep(0.01)


async def test_without_redis_each_worker_counts_by_itself() -> None:
    url = f"redis://127.0.0.1:{free_ports(1)[0]}/0"
    for limiter in [SharedLimiter(url, "session_messages", RARELY) for _ in range(2)]:
        waits = [await limiter.wait("a") for _ in range(4)]
        assert (waits[:3], waits[3] > 0) == ([0, 0, 0], True)


def test_a_socket_is_counted_where_it_is() -> None:
    settings = Settings({"redis": "redis://127.0.0.1:1/0"})
    kinds = [type(settings.limiter(name)) for name in ("session_requests", "address_messages")]
    assert kinds == [Limiter, SharedLimiter]
    assert type(Settings({}).limiter("address_messages")) is Limiter
