"""The imitated desks, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rasa_project.desk.connectors.fake_chatwoot import FakeChatwoot
from tests.rasa_project.desk.connectors.fake_desk import FakeDesk
from tests.rasa_project.desk.connectors.fake_receiver import FakeReceiver
from tests.rasa_project.desk.connectors.fake_slack import FakeSlack
from tests.rasa_project.desk.connectors.fake_zammad import FakeZammad
from tests.rasa_project.desk.connectors.fake_zendesk import FakeZendesk

FAKES: list[type[FakeDesk]] = [
    FakeChatwoot, FakeZendesk, FakeZammad, FakeSlack, FakeReceiver,
]  # fmt: skip


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs on PostgreSQL is the store's matter and tried there."""
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture(params=FAKES, ids=lambda fake: str(fake.name))
async def fake(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeDesk]:
    """Each of the desks."""
    async for started in _started(request.param(), monkeypatch):
        yield started


@pytest.fixture
async def chatwoot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeChatwoot]:
    fake = FakeChatwoot()
    async for _ in _started(fake, monkeypatch):
        yield fake


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeReceiver]:
    fake = FakeReceiver()
    async for _ in _started(fake, monkeypatch):
        yield fake


async def _started(fake: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDesk]:
    for name, value in fake.secrets.items():
        monkeypatch.setenv(name, value)
    await fake.start()
    yield fake
    await fake.end()
