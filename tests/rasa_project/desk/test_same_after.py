"""A conversation stays with its human whatever becomes of Rasa's session, model and servers.

Two real Rasa servers with one trained bot share tracker store and lock store, as behind a load
balancer; a real desk follows them, and customers use the web chat.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import rasa
from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

from tests.rasa_project.channels.webchat.serving import (
    Server,
    StockClient,
    conversation_of,
    serve,
)
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.services, pytest.mark.slow]

CONFIG = """
recipe: default.v1
language: en
assistant_id: same-after
importers: [{name: emotion_component.rasa_importer.EmotionImporter}]
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}, {name: emotion_component.rasa_policy.EscalationPolicy}]
"""
DOMAIN = """
version: "3.1"
intents: [greet, talk_to_human]
responses:
  utter_greet: [{text: "GREETING"}]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
"""
DATA = """
version: "3.1"
nlu:
  - {intent: greet, examples: "- hello"}
  - {intent: talk_to_human, examples: "- human"}
rules:
  - {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
"""
JOINED = "Li has joined the chat and has read what you wrote."
IDLE_SECONDS = 61 * 60


def train(folder: Path, greeting: str) -> Path:
    """Train the bot with a greeting; return the model's file."""
    folder.mkdir(exist_ok=True)
    domain = DOMAIN.replace("GREETING", greeting)
    for name, text in (("config.yml", CONFIG), ("domain.yml", domain), ("data.yml", DATA)):
        (folder / name).write_text(text, encoding="utf-8")
    trained = rasa.train(
        str(folder / "domain.yml"), str(folder / "config.yml"), [str(folder / "data.yml")],
        output=str(folder / "models"),
    )  # fmt: skip
    assert trained.model is not None
    return Path(trained.model)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("bot"), "Hello.")


@dataclass
class Fleet:
    """Two servers, what they share, and an agent at the desk."""

    servers: list[Server]
    trackers: Path
    li: Person

    @property
    def url(self) -> str:
        """Where the desk finds Rasa."""
        return self.servers[0].url

    @property
    def tracker_db(self) -> str:
        """Where it reads."""
        return f"sqlite:///{self.trackers}"

    async def handed_over(self, customer: StockClient) -> str:
        """Bring a customer to Li; return the conversation."""
        token = await customer.start(self.servers[0].url)
        await customer.ask("hello")
        await customer.ask("a human please")
        (ticket,) = await self.li.wait_for_tickets(1)
        status, body = await self.li.post(f"tickets/{ticket['id']}/claim")
        assert status == 200, body
        await said(customer, JOINED)
        return token

    async def transcript(self, *texts: str) -> list[tuple[str, str]]:
        """Wait until the desk knows these words of the customer; return all that was said."""
        while True:
            _, body = await self.li.get("tickets/1")
            found = [(entry["sender"], entry["text"]) for entry in body["messages"]]
            if {("customer", text) for text in texts} <= set(found):
                return found
            await asyncio.sleep(0.05)


async def said(customer: StockClient, text: str) -> None:
    """Wait until the customer has heard something."""
    while text not in heard(customer):
        await asyncio.sleep(0.02)


def heard(customer: StockClient) -> list[str]:
    return [message["text"] for message in customer.received]


@pytest.fixture
async def fleet(bot: Path, redis: RedisServer, tmp_path: Path) -> AsyncIterator[Fleet]:
    trackers = tmp_path / "tracker.db"
    endpoints = AvailableEndpoints(
        tracker_store=EndpointConfig(type="sql", dialect="sqlite", db=str(trackers)),
        lock_store=EndpointConfig("127.0.0.1", type="redis", port=redis.port),
    )
    options = {
        "store": f"sqlite:///{tmp_path / 'webchat.db'}",
        "files": {"folder": str(tmp_path / "files")},
        "redis": redis.url,
        # This client's WebSockets want a newer aiohttp than Rasa's.
        "transports": ["websocket", "polling"],
    }
    async with contextlib.AsyncExitStack() as stack:
        servers = []
        for _ in range(2):
            agent = await load_agent(str(bot), endpoints=endpoints)
            servers.append(
                await stack.enter_async_context(serve(agent, options=options, endpoints=endpoints))
            )
        found = Fleet(servers, trackers, li=None)  # type: ignore[arg-type]  # signs in below
        desk = DeskProcess(found, tmp_path)
        await desk.start()
        stack.push_async_callback(desk.end)
        found.li = Person(desk)
        stack.push_async_callback(found.li.close)
        await found.li.enter("agent", desk.one_time_password(), "Li", "a password of Li's")
        yield found


@pytest.fixture
async def customer() -> AsyncIterator[StockClient]:
    client = StockClient()
    yield client
    await client.leave()


def let_an_hour_pass(trackers: Path) -> None:
    """Make everything that Rasa has stored 61 minutes older."""
    with contextlib.closing(sqlite3.connect(trackers)) as database, database:
        rows = database.execute("SELECT id, data FROM events").fetchall()
        for number, data in rows:
            event = json.loads(data)
            event["timestamp"] -= IDLE_SECONDS
            database.execute(
                "UPDATE events SET timestamp = ?, data = ? WHERE id = ?",
                (event["timestamp"], json.dumps(event), number),
            )


async def test_after_61_idle_minutes_a_new_session_leaves_the_word_to_the_human(
    fleet: Fleet, customer: StockClient
) -> None:
    token = await fleet.handed_over(customer)
    before = heard(customer)
    let_an_hour_pass(fleet.trackers)
    await customer.ask("hello again")
    tracker = await fleet.servers[1].tracker(conversation_of(token))
    kinds = [event["event"] for event in tracker["events"]]
    assert (kinds.count("session_started"), tracker["slots"]["handoff_state"]) == (2, "agent")
    assert await fleet.transcript("hello again")
    assert heard(customer) == before
    await fleet.li.post("tickets/1/messages", {"id": "answer-after", "text": "Still here."})
    await said(customer, "Still here.")
    await fleet.li.post("tickets/1/hand-back", {"note": ""})
    while (await fleet.li.get("tickets/1"))[1]["ticket"]["state"] != "bot":
        await asyncio.sleep(0.05)
    await customer.ask("hello")
    await said(customer, "Hello.")


async def test_a_retrained_model_leaves_the_word_to_the_human(
    fleet: Fleet, customer: StockClient, tmp_path: Path
) -> None:
    await fleet.handed_over(customer)
    before = heard(customer)
    model = train(tmp_path / "again", "Welcome.")
    async with aiohttp.ClientSession() as http:
        for server in fleet.servers:
            body = {"model_file": str(model)}
            async with http.put(f"{server.url}/model", json=body) as answer:
                assert answer.status == 204, await answer.text()
    await customer.ask("hello, who is there?")
    assert await fleet.transcript("hello, who is there?")
    assert heard(customer) == before
    await fleet.li.post("tickets/1/hand-back", {"note": ""})
    while len(heard(customer)) == len(before):  # the assistant says that it is back
        await asyncio.sleep(0.02)
    await customer.ask("hello")
    await said(customer, "Welcome.")


async def test_two_servers_at_once_leave_the_word_to_the_human_and_nothing_is_lost(
    fleet: Fleet, customer: StockClient
) -> None:
    token = await fleet.handed_over(customer)
    before = heard(customer)
    other = StockClient()
    await other.start(fleet.servers[1].url, token)
    said_here, said_there = ([f"hello {tab} {number}" for number in range(4)] for tab in "ab")
    await asyncio.gather(_all(customer, said_here), _all(other, said_there))
    found = await fleet.transcript(*said_here, *said_there)
    customers = [text for sender, text in found if sender == "customer"][2:]
    assert sorted(customers) == sorted([*said_here, *said_there])
    assert [text for text in customers if text in said_here] == said_here
    assert [text for text in customers if text in said_there] == said_there
    await fleet.li.post("tickets/1/messages", {"id": "answer-both", "text": "I read both."})
    await asyncio.gather(said(customer, "I read both."), said(other, "I read both."))
    assert heard(customer) == [*before, "I read both."]
    assert heard(other) == ["I read both."]
    await other.leave()


async def _all(customer: StockClient, texts: list[str]) -> Any:
    for text in texts:
        assert await customer.ask(text) == "handled"
