"""A small bot, really trained, and the server and clients that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import rasa
from rasa.core.agent import Agent

from tests.rasa_project.channels.webchat.serving import Server, StockClient, serve

CONFIG = """
recipe: default.v1
language: en
assistant_id: webchat-tests
pipeline:
  - name: KeywordIntentClassifier
policies:
  - name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [greet, order, links, picture]
responses:
  utter_greet:
    - text: "Hello\\n\\nWhat is it about?"
      buttons:
        - {title: My order, payload: /order}
        - {title: Something else, payload: /links}
  utter_order:
    - text: Your order is on its way.
  utter_links:
    - text: "See https://shop.example/a_(b), or <b>write</b> to help@shop.example."
  utter_picture:
    - text: Here it is.
      image: https://shop.example/mug.png
  utter_default:
    - text: Sorry, again please?
"""
DATA = """
version: "3.1"
nlu:
  - {intent: greet, examples: "- hello\\n- 你好"}
  - {intent: order, examples: "- order\\n- 订单"}
  - {intent: links, examples: "- links"}
  - {intent: picture, examples: "- picture"}
rules:
  - {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
  - {rule: order, steps: [{intent: order}, {action: utter_order}]}
  - {rule: links, steps: [{intent: links}, {action: utter_links}]}
  - {rule: picture, steps: [{intent: picture}, {action: utter_picture}]}
"""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("bot")
    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text, encoding="utf-8")
    trained = rasa.train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "data.yml")],
        output=str(folder / "models"),
    )
    assert trained.model is not None
    return str(trained.model)


@pytest.fixture
def agent(model: str) -> Agent:
    """A fresh agent: its conversations are its own."""
    return Agent.load(model)


@pytest.fixture
async def server(agent: Agent) -> AsyncIterator[Server]:
    async with serve(agent) as server:
        yield server


@pytest.fixture
async def clients() -> AsyncIterator[list[StockClient]]:
    """Three stock clients, disconnected after the test."""
    clients = [StockClient() for _ in range(3)]
    yield clients
    for client in clients:
        await client.leave()
