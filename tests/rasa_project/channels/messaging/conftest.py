"""The imitated services, one after the other, with a real Rasa server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore

from rasa_project.channels.messaging import answering, outbox
from rasa_project.channels.messaging.media import shelf
from rasa_project.channels.messaging.providers import dingtalk as dingtalk_channel
from rasa_project.channels.messaging.providers import feishu as feishu_channel
from rasa_project.channels.messaging.providers import line as line_channel
from rasa_project.channels.messaging.providers import meta, tencent_api, twilio_errors
from rasa_project.channels.messaging.providers import twilio as twilio_channel
from rasa_project.channels.messaging.providers.rocketchat import RocketChat
from tests.rasa_project.channels.messaging.fake_service import FakeService
from tests.rasa_project.channels.messaging.providers.fake_dingtalk import FakeDingTalk
from tests.rasa_project.channels.messaging.providers.fake_feishu import FakeFeishu
from tests.rasa_project.channels.messaging.providers.fake_line import FakeLine
from tests.rasa_project.channels.messaging.providers.fake_mail import FakeMail
from tests.rasa_project.channels.messaging.providers.fake_mattermost import FakeMattermost
from tests.rasa_project.channels.messaging.providers.fake_messenger import (
    FakeInstagram,
    FakeMessenger,
)
from tests.rasa_project.channels.messaging.providers.fake_rocketchat import FakeRocketChat
from tests.rasa_project.channels.messaging.providers.fake_slack import FakeSlack
from tests.rasa_project.channels.messaging.providers.fake_teams import FakeTeams
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.providers.fake_twilio import (
    FakeTwilio,
    FakeTwilioWhatsApp,
)
from tests.rasa_project.channels.messaging.providers.fake_wechat import FakeWeChat
from tests.rasa_project.channels.messaging.providers.fake_wecom import FakeWeCom
from tests.rasa_project.channels.messaging.providers.fake_whatsapp import FakeWhatsApp
from tests.rasa_project.channels.messaging.serving import Server, serve
from tests.rasa_project.channels.webchat.conftest import model

__all__ = ["model"]  # the small bot is the same

FAKES: list[type[FakeService]] = [
    FakeTelegram,
    FakeWhatsApp,
    FakeLine,
    FakeSlack,
    FakeMessenger,
    FakeInstagram,
    FakeWeChat,
    FakeWeCom,
    FakeFeishu,
    FakeDingTalk,
    FakeTwilio,
    FakeTwilioWhatsApp,
    FakeMattermost,
    FakeRocketChat,
    FakeTeams,
    FakeMail,
]
Fake = TypeVar("Fake", bound=FakeService)


@pytest.fixture(autouse=True)
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'channels.db'}"
    monkeypatch.setenv("ATTUNE_CHANNELS_DB", url)
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    return url


@pytest.fixture(scope="module")
def loaded(model: str) -> Agent:
    return Agent.load(model)


@pytest.fixture
def agent(loaded: Agent) -> Agent:
    """The agent with conversations of its own."""
    loaded.tracker_store = InMemoryTrackerStore(loaded.domain)
    assert loaded.processor is not None
    loaded.processor.tracker_store = loaded.tracker_store
    return loaded


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "wait_seconds", lambda attempts: 0.02 * attempts)
    monkeypatch.setattr(line_channel, "THROTTLED_SECONDS", 1.0)
    monkeypatch.setattr(meta, "PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(tencent_api, "PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(tencent_api, "QUOTA_SECONDS", 0.1)
    monkeypatch.setattr(feishu_channel, "PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(dingtalk_channel, "PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(twilio_errors, "PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(shelf, "wait_seconds", lambda attempts: 0.02 * attempts)
    monkeypatch.setattr(answering, "ASK_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(RocketChat, "limits", replace(RocketChat.limits, per_second=20.0))
    brisk = replace(twilio_channel.TwilioSms.limits, gap_seconds=0.05)
    monkeypatch.setattr(twilio_channel.TwilioSms, "limits", brisk)


@asynccontextmanager
async def started(fake: Fake) -> AsyncIterator[Fake]:
    await fake.start()
    try:
        yield fake
    finally:
        await fake.end()


def parameters(fakes: Sequence[type[FakeService]]) -> list[Any]:
    """Services to parametrize tests by, named, and marked where they start real servers."""
    return [
        pytest.param(
            fake, id=fake.name, marks=[pytest.mark.services] if fake.starts_servers else []
        )
        for fake in fakes
    ]


@pytest.fixture(params=parameters(FAKES))
async def service(request: pytest.FixtureRequest, short_waits: None) -> AsyncIterator[FakeService]:
    """Each of the services."""
    async with started(request.param()) as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with started(FakeTelegram()) as fake:
        yield fake


@pytest.fixture
async def whatsapp() -> AsyncIterator[FakeWhatsApp]:
    async with started(FakeWhatsApp()) as fake:
        yield fake


@pytest.fixture
async def line() -> AsyncIterator[FakeLine]:
    async with started(FakeLine()) as fake:
        yield fake


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with started(FakeSlack()) as fake:
        yield fake


@pytest.fixture
async def messenger() -> AsyncIterator[FakeMessenger]:
    async with started(FakeMessenger()) as fake:
        yield fake


@pytest.fixture
async def wechat(short_waits: None) -> AsyncIterator[FakeWeChat]:
    async with started(FakeWeChat()) as fake:
        yield fake


@pytest.fixture
async def wecom(short_waits: None) -> AsyncIterator[FakeWeCom]:
    async with started(FakeWeCom()) as fake:
        yield fake


@pytest.fixture
async def feishu(short_waits: None) -> AsyncIterator[FakeFeishu]:
    async with started(FakeFeishu()) as fake:
        yield fake


@pytest.fixture
async def dingtalk(short_waits: None) -> AsyncIterator[FakeDingTalk]:
    async with started(FakeDingTalk()) as fake:
        yield fake


@pytest.fixture
async def twilio(short_waits: None) -> AsyncIterator[FakeTwilio]:
    async with started(FakeTwilio()) as fake:
        yield fake


@pytest.fixture
async def twilio_whatsapp(short_waits: None) -> AsyncIterator[FakeTwilioWhatsApp]:
    async with started(FakeTwilioWhatsApp()) as fake:
        yield fake


@pytest.fixture
async def mattermost(short_waits: None) -> AsyncIterator[FakeMattermost]:
    async with started(FakeMattermost()) as fake:
        yield fake


@pytest.fixture
async def rocketchat(short_waits: None) -> AsyncIterator[FakeRocketChat]:
    async with started(FakeRocketChat()) as fake:
        yield fake


@pytest.fixture
async def teams(short_waits: None) -> AsyncIterator[FakeTeams]:
    async with started(FakeTeams()) as fake:
        yield fake


@pytest.fixture
async def served(agent: Agent, service: FakeService) -> AsyncIterator[Server]:
    async with serve(agent, [service]) as server:
        yield server
