"""Our desk's store with everything that reads and sends, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from sqlalchemy import select

from rasa_project.desk.connectors.running import open_connectors
from rasa_project.desk.connectors.settings import ConnectorsFile, Listed
from rasa_project.desk.inbound.reader import EventReader
from rasa_project.desk.outbound.outbox import OutboxSender
from rasa_project.desk.outbound.rasa_client import RasaClient
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import ConnectorDelivery, ConnectorEntry, Ticket
from rasa_project.desk.tickets.changes import Changes
from rasa_project.webhooks.errors import Refused
from tests.rasa_project.desk.connectors.fake_desk import FakeDesk, until
from tests.rasa_project.desk.rasa_like import TOKEN, RasaLike, bot, emotion, handoff, user


def file_of(*fakes: FakeDesk) -> ConnectorsFile:
    listed = tuple(Listed(fake.name, fake.name, fake.settings()) for fake in fakes)
    return ConnectorsFile("https://desk.example.com", listed)


@asynccontextmanager
async def linked(store: Store, rasa: RasaLike, *fakes: FakeDesk) -> AsyncIterator[None]:
    """Read, send and receive until the end; every part as in the running desk but the HTTP server.

    The server itself is tried in `test_whole_way.py`.
    """
    async with RasaClient(rasa.url, TOKEN) as client:

        async def changed(_changes: Changes) -> None:
            sender.wake()

        sender = OutboxSender(store, client, changed)

        async with open_connectors(file_of(*fakes), store, changed) as connectors:

            async def take(request: web.Request) -> web.Response:
                headers = {name.lower(): value for name, value in request.headers.items()}
                name = request.match_info["name"]
                try:
                    await connectors.inbox.receive(name, headers, await request.read())
                except Refused as error:
                    return web.Response(status=error.status, text=str(error))
                return web.json_response({})

            app = web.Application()
            app.router.add_post("/{name}", take)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            for fake in fakes:
                fake.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/{fake.name}"
            reader = EventReader(rasa.tracker_db, store)
            parts = [reader.run(changed), sender.run(), *connectors.work()]
            tasks = [asyncio.ensure_future(part) for part in parts]
            try:
                yield
            finally:
                await runner.cleanup()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def entries(store: Store) -> list[tuple[str, str]]:
    """Kind and state of all that other desks had or have to hear."""
    with store.read() as session:
        query = select(ConnectorEntry.kind, ConnectorEntry.state).order_by(ConnectorEntry.id)
        return [tuple(row) for row in session.execute(query)]


def ticket_states(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Ticket.state).order_by(Ticket.id)))


def deliveries(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(ConnectorDelivery.state).order_by(ConnectorDelivery.id)))


async def settled(store: Store) -> None:
    """Wait until nothing has to be sent or done."""

    def rests() -> bool:
        waiting = [state for _, state in entries(store)] + deliveries(store)
        return bool(waiting) and "pending" not in waiting

    await until(rests, "it does not come to rest")


async def angry(rasa: RasaLike, conversation: str = "c") -> None:
    """A customer gets angry, and the bot hands over."""
    await rasa.add(
        conversation, user("where is my parcel?", emotion("worry", -0.4, 0.4)), bot("I look."),
        user("this is outrageous!", emotion()), *handoff(),
    )  # fmt: skip


async def said(rasa: RasaLike, count: int, conversation: str = "c") -> list[tuple[str | None, str]]:
    """Wait for so many words from our desk, and return them with who said them."""
    found: list[tuple[str | None, str]] = []
    for _ in range(600):
        events: Any = (await rasa.tracker(conversation)).events
        found = [
            (event.metadata.get("agent"), event.text)
            for event in events
            if event.type_name == "bot" and "message_id" in event.metadata
        ]
        if len(found) >= count:
            break
        await asyncio.sleep(0.05)
    return found
