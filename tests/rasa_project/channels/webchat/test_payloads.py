"""What begins with a slash: an intent from a button that was shown, else words."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.webchat.settings import Settings
from tests.rasa_project.channels.webchat.serving import (
    Server,
    StockClient,
    conversation_of,
    serve,
)

pytestmark = pytest.mark.services

CARD = {"title": "Mug", "buttons": [{"title": "Buy it", "payload": '/links{"a": 1}'}]}


async def heard(server: Server, opened: dict[str, Any]) -> list[str]:
    """Return what Rasa was told."""
    events = await server.user_events(conversation_of(opened["session"]))
    return [event["text"] for event in events]


async def test_a_typed_payload_is_words_until_a_button_carries_it(
    server: Server, clients: list[StockClient]
) -> None:
    ana = clients[0]
    opened = await ana.open(server.url)
    for number, text in enumerate(("/links", "  /restart ", "/")):
        await ana.ask(text, message_id=f"t{number}")
    await ana.ask("hello")  # its answer offers /order and /links
    await ana.ask("/links", message_id="pressed")
    await ana.ask('/links{"a": 1}', message_id="typed")
    assert await heard(server, opened) == [
        "／links", "／restart", "／", "hello", "/links", '／links{"a": 1}',
    ]  # fmt: skip
    # The customer reads what they wrote; a pressed button stands there by its title.
    said = [m["text"] for m in await ana.history() if m["sender"] == "user"]
    assert said == ["/links", "  /restart ", "/", "hello", "Something else", '/links{"a": 1}']


async def test_a_cards_button_counts_and_that_of_another_conversation_does_not(
    server: Server, clients: list[StockClient]
) -> None:
    ana, li, _ = clients
    here, there = await ana.open(server.url), await li.open(server.url)
    await ana.ask("order")
    await li.ask("order")
    said = {"event": "bot", "text": "", "data": {"elements": [CARD]}, "metadata": {}}
    assert await server.append(conversation_of(here["session"]), [said]) == 200
    await ana.heard(2)
    for client in (ana, li):
        await client.ask('/links{"a": 1}')
    told = [(await heard(server, one))[1] for one in (here, there)]
    assert told == ['/links{"a": 1}', '／links{"a": 1}']


async def test_the_operator_allows_what_clients_send_first(
    agent: Agent, clients: list[StockClient]
) -> None:
    async with serve(agent, options={"init_payloads": ["/greet"]}) as server:
        opened = await clients[0].open(server.url)
        await clients[0].ask("/greet")
        await clients[0].ask("/order now")
        assert await heard(server, opened) == ["/greet", "／order now"]


@pytest.mark.parametrize("given", ["/greet", ["greet"], [1]])
def test_init_payloads_that_are_none_are_refused(given: Any) -> None:
    with pytest.raises(InvalidConfigException, match="init_payloads"):
        Settings({"init_payloads": given})
