"""From an angry customer to another desk and back, through a running desk of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rasa_project.desk.connectors.fake_desk import FakeDesk, until
from tests.rasa_project.desk.desk_process import DeskProcess
from tests.rasa_project.desk.rasa_like import RasaLike, bot, emotion, handoff, user

pytestmark = pytest.mark.services

JOINED = "Ana has joined the chat and has read what you wrote."
LEFT = "Ana has left the chat. I'm the automated assistant again: what else can I do for you?"


@pytest.fixture
async def linked(fake: FakeDesk, rasa: RasaLike, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    """A running desk that is connected with the other one."""
    desk = connect(fake, rasa, tmp_path)
    await desk.start()
    yield desk
    await desk.end()


def connect(fake: FakeDesk, rasa: RasaLike, folder: Path) -> DeskProcess:
    desk = DeskProcess(rasa, folder)
    listed = {fake.name: fake.settings()}
    content = {"desk_url": "https://desk.example.com", "connectors": listed}
    (folder / "connectors.yml").write_text(json.dumps(content))
    desk.environment |= {**fake.secrets, "ATTUNE_CONNECTORS": str(folder / "connectors.yml")}
    fake.hook = f"{desk.url}/connectors/{fake.name}"
    return desk


async def angry(rasa: RasaLike, conversation: str = "c") -> None:
    await rasa.add(
        conversation, user("where is my parcel?", emotion("worry", -0.4, 0.4)), bot("I look."),
        user("this is outrageous!", emotion()), *handoff(),
    )  # fmt: skip


async def said(rasa: RasaLike, count: int) -> list[tuple[str | None, str]]:
    """Wait for so many words besides the bot's first ones, and return them with who said them."""
    found: list[tuple[str | None, str]] = []
    for _ in range(600):
        tracker = await rasa.tracker("c")
        found = [
            (event.metadata.get("agent"), event.text)
            for event in tracker.events
            if event.type_name == "bot" and "message_id" in event.metadata
        ]
        if len(found) >= count:
            break
        await asyncio.sleep(0.05)
    return found


async def test_an_answer_there_reaches_the_customer_and_the_bot_gets_the_conversation_back(
    fake: FakeDesk, linked: DeskProcess, rasa: RasaLike
) -> None:
    await angry(rasa)
    await until(
        lambda: [(one["open"], len(one["notes"])) for one in fake.shown()] == [(True, 1)],
        linked.output,
    )
    (ticket,) = fake.shown()
    summary = ticket["notes"][0]
    assert all(
        part in summary
        for part in (
            "negative 3 turns in a row", "anger (83%)", "dissatisfied: 62 %", "Urgency: high",
            "Channel: webchat", "Language: en", "https://desk.example.com/?ticket=1",
            "Customer: where is my parcel?\n", "Assistant: I look.\n",
            "Customer: this is outrageous!",
        )
    ), summary  # fmt: skip
    number = fake.first()
    await fake.answer(number, "Ana", "I am sorry. It comes tomorrow.")
    assert await said(rasa, 2) == [(None, JOINED), ("Ana", "I am sorry. It comes tomorrow.")]
    await fake.note(number, "Ana", "quite angry, careful")
    await rasa.add("c", user("thank you", emotion("gratitude", 0.7, 0.7)))
    await until(lambda: fake.shown()[0]["customer"][-1:] == ["thank you"], linked.output)
    await until(lambda: fake.shown()[0]["level"] == fake.calm, str(fake.shown()))
    await fake.hand_back(number, "Ana")
    assert (await said(rasa, 3))[2:] == [(None, LEFT)]
    assert (await rasa.tracker("c")).get_slot("handoff_state") == "bot"
    assert not any("careful" in text for text in await rasa.bot_texts("c"))
    assert "Traceback" not in linked.output
