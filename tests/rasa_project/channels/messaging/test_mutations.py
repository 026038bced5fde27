"""Signed requests with anything in them: taken, ignored or refused, and never a fault."""

from __future__ import annotations

import random

import pytest
from rasa.core.agent import Agent

from tests.rasa_project.channels.messaging.fake_service import FakeService
from tests.rasa_project.channels.messaging.mutations import (
    SERVICES,
    cut,
    events,
    forged,
    mutated,
)
from tests.rasa_project.channels.messaging.serving import serve

REQUESTS = 200


@pytest.mark.parametrize("fake", SERVICES, ids=lambda fake: str(fake.name))
async def test_nothing_in_a_signed_request_is_a_fault(
    fake: type[FakeService], agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, chooser = fake(), random.Random(7)
    await service.start()
    originals = events(service)
    monkeypatch.setattr(agent, "processor", None)  # what is taken need not be answered here
    seen = set()
    async with serve(agent, [service]):
        for _ in range(REQUESTS):
            delivery = service.delivery(mutated(chooser.choice(originals), chooser))
            if chooser.random() < 0.1:
                delivery = cut(delivery, chooser)
            seen.add((await service.post(delivery.body, delivery.headers))[0])
    await service.end()
    assert seen <= {200, 400, 401}
    assert {200, 400} <= seen


@pytest.mark.parametrize("fake", SERVICES, ids=lambda fake: str(fake.name))
async def test_what_the_service_did_not_sign_is_refused(
    fake: type[FakeService], agent: Agent
) -> None:
    service, chooser = fake(), random.Random(8)
    await service.start()
    originals = events(service)
    seen = set()
    async with serve(agent, [service]):
        for _ in range(REQUESTS):
            delivery = forged(service, service.delivery(chooser.choice(originals)), chooser)
            seen.add((await service.post(delivery.body, delivery.headers))[0])
    await service.end()
    assert seen <= {400, 401, 403}
