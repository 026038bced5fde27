"""`python -m tests.network_test`: the last line is JSON; it ends with 1 where anything is wrong."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
from pathlib import Path

from rasa.utils.log_utils import configure_structlog

from benchmarks.webchat.bot import train
from tests.network_test.proxy import Faults
from tests.network_test.run import Plan, run
from tests.redis_server import RedisServer


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.network_test", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, help="of the customers, in all")
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3_000, help="the most that it may take")
    parser.add_argument("--seed", type=int, default=1, help="of the network's decisions")
    asked = parser.parse_args()
    plan = Plan(asked.messages, asked.customers, seconds=asked.seconds, seed=asked.seed)
    plan.faults = Faults()
    logging.disable(logging.ERROR)  # a network like this one has every line broken often
    configure_structlog(logging.ERROR)
    redis = RedisServer()
    redis.start()
    try:
        with tempfile.TemporaryDirectory(prefix="attune-network-") as folder:
            model = train(Path(folder))
            found = asyncio.run(run(plan, model, redis.port, Path(folder)))
    finally:
        redis.remove()
    print(json.dumps(found))
    return int(any(found[fault] for fault in ("lost", "doubled", "reordered")))


if __name__ == "__main__":
    sys.exit(main())
