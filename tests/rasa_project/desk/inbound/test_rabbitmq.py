"""The reader on a real RabbitMQ, filled by Rasa's own broker class."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import pytest
from rasa.core.brokers.pika import PikaEventBroker
from rasa.shared.core.events import Event
from sqlalchemy import select

from rasa_project.desk import server
from rasa_project.desk.inbound import broker_events, rabbitmq
from rasa_project.desk.inbound.rabbitmq import RabbitmqReader, split
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message
from rasa_project.desk.tickets.changes import Changes
from tests.rabbitmq import RabbitmqServer
from tests.rasa_project.desk.rasa_like import handoff, user

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def broker() -> Iterator[RabbitmqServer]:
    running = RabbitmqServer()
    try:
        running.start()
        yield running
    finally:
        running.remove()


@pytest.fixture
def queue() -> str:
    """One of its own for each test: what a reader had not acknowledged would go to the next."""
    return uuid.uuid4().hex


@asynccontextmanager
async def rasa_on(broker: RabbitmqServer, queue: str) -> AsyncIterator[PikaEventBroker]:
    """Rasa's side, as `endpoints.yml` makes it."""
    rasa = PikaEventBroker(
        "127.0.0.1", "guest", "guest", port=broker.port, queues=[queue],
        event_loop=asyncio.get_running_loop(),
    )  # fmt: skip
    await rasa.connect()
    yield rasa
    await asyncio.gather(*rasa._background_tasks)
    await rasa.close()


def publish(rasa: PikaEventBroker, conversation: str, *events: dict[str, Any]) -> None:
    for event in events:
        parsed = Event.from_parameters(dict(event))
        assert parsed is not None
        rasa.publish({"sender_id": conversation, **parsed.as_dict()})


@asynccontextmanager
async def reading(broker: RabbitmqServer, queue: str, store: Store) -> AsyncIterator[list[Changes]]:
    heard: list[Changes] = []

    async def hear(changes: Changes) -> None:
        heard.append(changes)

    reader = RabbitmqReader(f"{broker.url}?queue={queue}", store)
    task = asyncio.create_task(reader.run(hear))
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=20)  # time to close: here the process lives on
        await server._end([task])  # as the desk ends it; a library may lose a cancellation


def texts(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))


async def wait_for(store: Store, count: int) -> list[str]:
    for _ in range(1_200):
        if len(texts(store)) >= count:
            break
        await asyncio.sleep(0.05)
    return texts(store)


async def left(broker: RabbitmqServer, queue: str) -> int:
    """How many messages nobody has acknowledged."""
    connection = await aio_pika.connect(broker.url)
    async with connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, durable=True, passive=True)
        return int(declared.declaration_result.message_count or 0)


async def test_what_rasa_publishes_reaches_the_desk_in_order_and_is_acknowledged(
    broker: RabbitmqServer, queue: str, store: Store
) -> None:
    said = [f"message {number}" for number in range(300)]
    async with rasa_on(broker, queue) as rasa, reading(broker, queue, store) as heard:
        publish(rasa, "c", *[user(text) for text in said], *handoff())
        assert await wait_for(store, 300) == said
        while not any(changes.tickets for changes in heard):
            await asyncio.sleep(0.05)
    assert await left(broker, queue) == 0


async def test_what_came_while_the_desk_was_away_is_there_when_it_is_back(
    broker: RabbitmqServer, queue: str, store: Store
) -> None:
    async with rasa_on(broker, queue) as rasa:
        publish(rasa, "c", user("while you were out"))
    async with reading(broker, queue, store):
        assert await wait_for(store, 1) == ["while you were out"]


async def test_what_could_not_be_stored_comes_again(
    broker: RabbitmqServer, queue: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def take_batch(store: Store, bodies: list[bytes]) -> Changes:
        attempts.append(len(bodies))
        if len(attempts) == 1:
            raise OSError("disk full")
        return broker_events.take_batch(store, bodies)

    monkeypatch.setattr(rabbitmq, "take_batch", take_batch)
    monkeypatch.setattr(rabbitmq, "_RETRY_SECONDS", 0.05)
    async with rasa_on(broker, queue) as rasa, reading(broker, queue, store) as heard:
        publish(rasa, "c", user("hello"))
        assert await wait_for(store, 1) == ["hello"]
        while not heard:  # it is told after the acknowledgement
            await asyncio.sleep(0.05)
    assert await left(broker, queue) == 0


async def test_what_was_stored_but_not_acknowledged_is_not_doubled(
    broker: RabbitmqServer, queue: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk dies between the transaction and the acknowledgement."""

    def take_batch(store: Store, bodies: list[bytes]) -> Changes:
        broker_events.take_batch(store, bodies)
        raise ConnectionError("dead before it could say so")

    async with rasa_on(broker, queue) as rasa:
        publish(rasa, "c", user("once"), *handoff())
        with monkeypatch.context() as dying:
            dying.setattr(rabbitmq, "take_batch", take_batch)
            async with reading(broker, queue, store):
                await wait_for(store, 1)
        async with reading(broker, queue, store):
            publish(rasa, "c", user("after"))
            assert await wait_for(store, 2) == ["once", "after"]


async def test_a_broker_that_was_killed_keeps_what_it_had_and_is_found_again(
    broker: RabbitmqServer, queue: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbitmq, "_RETRY_SECONDS", 0.1)
    async with rasa_on(broker, queue) as rasa:
        publish(rasa, "c", user("before"))
    await asyncio.sleep(0)
    async with reading(broker, queue, store):
        await wait_for(store, 1)
        broker.kill()
        await asyncio.to_thread(broker.start)
        async with rasa_on(broker, queue) as rasa:
            publish(rasa, "c", user("after"))
            assert await wait_for(store, 2) == ["before", "after"]


def test_the_address_names_the_queue() -> None:
    assert [
        split("amqp://a:b@host:5672/vhost?queue=desk&heartbeat=10"),
        split("amqps://host"),
    ] == [("amqp://a:b@host:5672/vhost?heartbeat=10", "desk"), ("amqps://host", "attune-desk")]
