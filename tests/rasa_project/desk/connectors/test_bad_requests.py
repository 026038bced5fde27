"""Webhooks that are forged, old, huge, broken or unknown, at a running desk."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from rasa_project.desk.http.webhooks import MAX_BYTES
from tests.rasa_project.desk.connectors.fake_chatwoot import FakeChatwoot
from tests.rasa_project.desk.connectors.fake_desk import FakeDesk
from tests.rasa_project.desk.connectors.fake_receiver import FakeReceiver
from tests.rasa_project.desk.connectors.fake_slack import FakeSlack
from tests.rasa_project.desk.connectors.fake_zammad import FakeZammad
from tests.rasa_project.desk.connectors.fake_zendesk import FakeZendesk
from tests.rasa_project.desk.desk_process import DeskProcess
from tests.rasa_project.desk.rasa_like import RasaLike

pytestmark = pytest.mark.services
FAKES: list[FakeDesk] = [
    FakeChatwoot(), FakeZendesk(), FakeZammad(), FakeSlack(), FakeReceiver(),
]  # fmt: skip


@pytest.fixture
async def linked(rasa: RasaLike, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    """A running desk with all connectors."""
    desk = DeskProcess(rasa, tmp_path)
    for fake in FAKES:
        fake.port = 1  # nothing has to be sent here
        fake.hook = f"{desk.url}/connectors/{fake.name}"
        desk.environment |= fake.secrets
    listed = {fake.name: fake.settings() for fake in FAKES}
    content = {"desk_url": "https://desk.example.com", "connectors": listed}
    (tmp_path / "connectors.yml").write_text(json.dumps(content))
    desk.environment["ATTUNE_CONNECTORS"] = str(tmp_path / "connectors.yml")
    await desk.start()
    yield desk
    await desk.end()


async def test_only_what_is_signed_fresh_and_of_the_right_form_is_taken(
    linked: DeskProcess,
) -> None:
    for fake in FAKES:
        now = time.time()
        event = {"type": "typing"} if fake.name == "slack" else "typing"
        unknown = {"event": event, "type": "event_callback", "ticket": {}}
        headers, body = fake.signed(unknown, "one", now)
        old, old_body = fake.signed(unknown, "two", now - 3600)
        broken = fake.signed("no object", "three", now)
        odd = fake.signed({**unknown, "detail": 1, "event": 1, "data": 1}, "four", now)
        got = {
            "unknown": await fake.post(headers, body),
            "changed": await fake.post(headers, body + b" "),
            "unsigned": await fake.post({}, body),
            "old": await fake.post(old, old_body),
            "broken": await fake.post(*broken),
            "odd": await fake.post(*odd),
        }
        huge = await fake.post(headers, b"x" * (MAX_BYTES + 1))
        no_time = fake.name == "zammad"  # it signs none
        assert got == {
            "unknown": 200, "changed": 401, "unsigned": 401, "old": 200 if no_time else 401,
            "broken": 400, "odd": got["odd"],
        }, fake.name  # fmt: skip
        assert got["odd"] in {200, 400}
        assert huge in {413, 599}  # refused while it was still being sent
    stranger = FakeReceiver()
    stranger.hook = f"{linked.url}/connectors/nobody"
    assert await stranger.post({}, b"{}") == 404
    assert "Traceback" not in linked.output


async def test_slack_hears_its_challenge_back(linked: DeskProcess) -> None:
    slack = FakeSlack()
    challenge = {"type": "url_verification", "challenge": "3eZbrw1aB10FEMAGAZd4FyFQ"}
    headers, body = slack.signed(challenge, "", time.time())
    url = f"{linked.url}/connectors/slack"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as got:
        assert (got.status, await got.json()) == (200, {"challenge": challenge["challenge"]})
