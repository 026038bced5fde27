"""Follows Rasa's events on a RabbitMQ queue, where several Rasa servers write to one store.

Rasa's `pika` event broker publishes each event as JSON. A message is acknowledged once the
transaction that stored it is done: a desk that dies before is sent it again, and knows it by its
content. Rasa publishes without waiting: what it had in hand when it died was never published.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from rasa_project.desk.inbound.broker_events import take_batch
from rasa_project.desk.inbound.reader import Publish
from rasa_project.desk.store.database import Store

logger = logging.getLogger(__name__)

BATCH_MESSAGES: Final = 200  # bounds how long one transaction holds the desk's database
DEFAULT_QUEUE: Final = "attune-desk"
_RETRY_SECONDS: Final = 1.0
_CONNECT_SECONDS: Final = 15.0


class RabbitmqReader:
    """Reads a queue and brings the desk's store up to date.

    Args:
        url: `amqp://user:password@host:port/vhost?queue=NAME`, or `amqps`.
        store: The desk's store.
    """

    def __init__(self, url: str, store: Store) -> None:
        self._url, self._queue = split(url)
        self._store = store
        self._complaint: str | None = None

    async def run(self, publish: Publish) -> None:
        """Follow the events for ever.

        Args:
            publish: Told of the changes after each transaction.
        """
        while True:
            try:
                await self._follow(publish)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # whatever it was, what is not acknowledged comes again
                self._complain(error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow(self, publish: Publish) -> None:
        """Read until the connection breaks."""
        connection = await aio_pika.connect(self._url, timeout=_CONNECT_SECONDS)
        async with connection:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=BATCH_MESSAGES)
            # As Rasa declares it; whoever comes first makes it.
            queue = await channel.declare_queue(self._queue, durable=True)
            self._complaint = None
            logger.info("The desk reads the queue %s.", self._queue)
            waiting: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()
            channel.close_callbacks.add(lambda *_: waiting.put_nowait(None))
            await queue.consume(waiting.put)
            await self._take_all(waiting, publish)

    async def _take_all(
        self, waiting: asyncio.Queue[AbstractIncomingMessage | None], publish: Publish
    ) -> None:
        while (first := await waiting.get()) is not None:
            batch = [first]
            while not waiting.empty() and len(batch) < BATCH_MESSAGES:
                if (message := waiting.get_nowait()) is None:
                    return
                batch.append(message)
            changes = await asyncio.to_thread(
                take_batch, self._store, [message.body for message in batch]
            )
            await batch[-1].ack(multiple=True)
            if changes:
                await publish(changes)

    def _complain(self, error: Exception) -> None:
        """Say once what is wrong."""
        if repr(error) == self._complaint:
            return
        self._complaint = repr(error)
        logger.warning(
            "Rasa's events on the queue %s cannot be read: %r. The desk tries again.",
            self._queue, error,
        )  # fmt: skip


def split(url: str) -> tuple[str, str]:
    """Separate the queue's name from the address of the broker."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    (queue,) = query.pop("queue", [DEFAULT_QUEUE])[:1]
    kept = "&".join(f"{name}={value}" for name, values in query.items() for value in values)
    return urlunsplit(parts._replace(query=kept)), queue
