"""`python -m tests.fuzz_channels`: sends each messaging channel's webhook what no service would.

Half of the requests are signed and hold anything, half are forged. The last line is JSON: how many
requests, how many answers were faults, how many forged requests were taken. The last two must be 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog
from tqdm import tqdm

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService
from tests.rasa_project.channels.messaging.mutations import (
    SERVICES,
    cut,
    events,
    forged,
    mutated,
)
from tests.rasa_project.channels.messaging.serving import serve

_AT_A_TIME = 16
_CUT_SHARE = 0.1


def main() -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_channels", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="to each channel")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"Seed {options.seed}.", flush=True)
    logging.disable(logging.ERROR)  # each refusal is a line
    configure_structlog(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="attune-fuzz-") as folder:
        os.environ["ATTUNE_CHANNELS_DB"] = f"sqlite:///{Path(folder) / 'channels.db'}"
        os.environ["ATTUNE_HOME"] = folder
        found = asyncio.run(_fuzz(options.requests, options.seed))
    print(json.dumps(found))
    return int(found["errors_5xx"] > 0 or found["accepted_unsigned"] > 0)


async def _fuzz(requests: int, seed: int) -> dict[str, Any]:
    total: Counter[str] = Counter(requests=0, errors_5xx=0, accepted_unsigned=0)
    channels: dict[str, dict[str, int]] = {}
    for kind in SERVICES:
        service = kind()
        await service.start()
        async with serve(Agent(), [service]):  # without a model: what is taken waits, unanswered
            counted = await _each(service, requests, random.Random(seed))
        await service.end()
        channels[service.name] = dict(counted)
        total.update({name: counted[name] for name in total})
    return {"seed": seed, **total, "channels": channels}


async def _each(service: FakeService, requests: int, chooser: random.Random) -> Counter[str]:
    originals = events(service)
    counted: Counter[str] = Counter(requests=0, errors_5xx=0, accepted_unsigned=0)
    with tqdm(total=requests, desc=f"{service.name:10}", unit="request") as bar:
        for start in range(0, requests, _AT_A_TIME):
            some = [
                _request(service, originals, chooser)
                for _ in range(min(_AT_A_TIME, requests - start))
            ]
            posts = (service.post(delivery.body, delivery.headers) for delivery, _ in some)
            for (_, is_forged), (status, _) in zip(some, await asyncio.gather(*posts), strict=True):
                counted["requests"] += 1
                counted["errors_5xx"] += status >= 500
                counted["accepted_unsigned"] += is_forged and status < 400
                counted["taken"] += status < 400
            bar.update(len(some))
    return counted


def _request(
    service: FakeService, originals: list[Any], chooser: random.Random
) -> tuple[Delivery, bool]:
    event = chooser.choice(originals)
    if chooser.random() < 0.5:
        return forged(service, service.delivery(event), chooser), True
    delivery = service.delivery(mutated(event, chooser))
    return (cut(delivery, chooser) if chooser.random() < _CUT_SHARE else delivery), False


if __name__ == "__main__":
    sys.exit(main())
