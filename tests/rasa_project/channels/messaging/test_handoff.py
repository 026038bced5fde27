"""The whole way on each channel: an angry customer, a human at the desk, and back to the bot.

Rasa server, action server and desk run as `python -m rasa_project` starts them, once for all
channels; the services are imitated.
"""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
import yaml

from rasa_project.channels.messaging import catalogue
from tests.end_to_end.service import Service
from tests.kill_test.agent import Agent
from tests.ports import free_ports
from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.messaging.conftest import FAKES
from tests.rasa_project.channels.messaging.fake_service import FakeService

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(900)]

CUSTOMER: Final = "4711"
PICTURE: Final = samples.picture()
AGENT: Final = ("agent", "Li")


class Script(NamedTuple):
    """What is said in one language, and what the bot says at last."""

    complaints: list[str]
    agent: str
    reply: str
    note: str
    greeting: str
    question: str


ENGLISH: Final = Script(
    complaints=[
        "my order is three weeks late and nobody answers!!! this is a joke",
        "I said my order is three weeks late and nobody answers, what a joke!!!",
        "my order is STILL three weeks late and nobody answers!!! this is a joke",
    ],
    agent="Good morning, I have your parcel in front of me.",
    reply="finally a person, this has been so frustrating",
    note="new parcel on its way",
    greeting="automated assistant again",
    question="what are your opening hours?",
)
CHINESE: Final = Script(
    complaints=[
        "我的订单晚了三个星期，没人回复！！！这是在开玩笑吗",
        "我的订单都晚了三个星期了，没人回复！！！这是在开玩笑吗",
        "订单晚了三个星期，还是没人回复！！！这是在开玩笑吗",
    ],
    agent="您好，我已经看到您的包裹了。",
    reply="气死我了，等了三个星期",
    note="新包裹已发出",
    greeting="我是自动助手",
    question="你们几点营业？",
)
_CHINESE: Final = {"wechat", "wecom", "feishu", "dingtalk"}
_HOURS: Final = "9"


class Shop(NamedTuple):
    """The demo shop, and the services that it is connected with."""

    attune: Service
    services: dict[str, FakeService]
    ports: dict[str, int]


@pytest.fixture(scope="module")
def shop(trained_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """All of Attune at work, with every channel and an agent who has a password of her own."""
    services = {fake.name: fake() for fake in FAKES}
    ports = dict(zip(services, free_ports(len(services)), strict=True))
    for name, service in services.items():
        service.url = f"http://127.0.0.1:{ports[name]}"
    project = _project(trained_project, tmp_path_factory.mktemp("shop"), services)
    attune = Service(project)
    attune.start()
    asyncio.run(_enter(attune))
    yield Shop(attune, services, ports)
    assert attune.stop() == 0, attune.output


def _project(trained: Path, folder: Path, services: dict[str, FakeService]) -> Path:
    """Copy a trained project, with a channel for each service."""
    project = folder / "project"
    shutil.copytree(trained, project, ignore=shutil.ignore_patterns(".attune", "models"))
    (project / "models").symlink_to(trained / "models")
    channels = {service.channel: service.settings() for service in services.values()}
    with (project / "credentials.yml").open("a", encoding="utf-8") as file:
        yaml.safe_dump(channels, file, allow_unicode=True)
    return project


async def _enter(attune: Service) -> None:
    agent = Agent(attune.desk_url, lambda: None)
    await agent.enter(AGENT[0], attune.one_time_password(), AGENT[1])
    await agent.leave()


@pytest.fixture(params=[fake.name for fake in FAKES])
async def connected(request: pytest.FixtureRequest, shop: Shop) -> AsyncIterator[FakeService]:
    """Each of the services."""
    service = shop.services[request.param]
    await service.start(shop.ports[service.name])
    service.hook = f"{shop.attune.rasa_url}/webhooks/{service.name}/webhook"
    yield service
    await service.end()


@pytest.fixture
async def li(shop: Shop) -> AsyncIterator[Agent]:
    """An agent at the desk."""
    agent = Agent(shop.attune.desk_url, lambda: None)
    await agent.enters_again(*AGENT)
    yield agent
    await agent.leave()


@pytest.mark.channel_feature("agent reply")
async def test_an_angry_customer_reaches_a_human_and_comes_back(
    shop: Shop, connected: FakeService, li: Agent
) -> None:
    service, conversation = connected, connected.conversation(CUSTOMER)
    script = CHINESE if service.name in _CHINESE else ENGLISH
    for words in script.complaints:
        await _ask(service, words)
    ticket = await li.finds(conversation)
    assert await li.takes(ticket) == 200
    await _sees_that_somebody_writes(service, li, ticket)
    await li.says(ticket, uuid.uuid4().hex, script.agent)
    await _reads(service, script.agent)

    before = service.texts(CUSTOMER)
    await service.says(CUSTOMER, script.reply)
    await li.reads(ticket, script.reply)
    assert service.texts(CUSTOMER) == before  # while a human has the word, the bot is silent

    await service.happens(service.pictured(CUSTOMER, PICTURE))
    assert await li.opens_a_file(ticket) == PICTURE

    await li.ends(ticket, "hand-back", script.note)
    await _reads(service, script.greeting)
    assert _HOURS in await _ask(service, script.question)
    assert service.texts(CUSTOMER).count(script.agent) == 1


async def _sees_that_somebody_writes(service: FakeService, li: Agent, ticket: int) -> None:
    """Have an agent write, and wait for the sign where the customer's app has one."""
    if not catalogue.inputs()[service.name].Provider.typing_seconds:
        return
    before = len(service.courtesies)
    while len(service.courtesies) == before:
        await li.types(ticket)
        await asyncio.sleep(0.1)


async def _ask(service: FakeService, words: str) -> str:
    """Say something and return what is answered."""
    known = len(service.texts(CUSTOMER))
    await service.says(CUSTOMER, words)
    return "\n".join((await service.read(CUSTOMER, known + 1))[known:])


async def _reads(service: FakeService, words: str) -> None:
    """Wait until a customer has read some words."""
    for _ in range(3_000):
        if any(words in text for text in service.texts(CUSTOMER)):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{words!r} did not come. {service.texts(CUSTOMER)}")
