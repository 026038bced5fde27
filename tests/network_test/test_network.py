"""A small run; `make network-test` is the large one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.webchat.bot import train
from tests.network_test.proxy import Faults
from tests.network_test.run import Plan, run
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.services, pytest.mark.slow]


async def test_over_a_bad_network_to_two_hosts_nothing_is_lost_doubled_or_reordered(
    tmp_path: Path,
) -> None:
    redis = RedisServer()
    redis.start()
    # Worse than in the large run, because it is shorter.
    faults = Faults(delay=0.01, refused=0.1, cut=0.03, swallowed=0.003, stall=1.0)
    try:
        plan = Plan(messages=120, customers=20, seconds=240, faults=faults)
        found = await run(plan, train(tmp_path), redis.port, tmp_path)
    finally:
        redis.remove()
    counts = {name: found[name] for name in ("sent", "lost", "doubled", "reordered")}
    assert counts == {"sent": 240, "lost": 0, "doubled": 0, "reordered": 0}
    assert found["network"]["cut"] > 0
