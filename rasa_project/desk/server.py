"""The desk as one process: event reader, outbox, HTTP API, live updates and page."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from contextlib import AsyncExitStack
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.desk.audit import log, retention
from rasa_project.desk.connectors import settings as connector_settings
from rasa_project.desk.connectors.running import Connectors, open_connectors
from rasa_project.desk.http import api, guard, pages, webhooks
from rasa_project.desk.http.door import Door
from rasa_project.desk.http.live import Live
from rasa_project.desk.http.workshop import Workshop
from rasa_project.desk.inbound.reader import EventReader
from rasa_project.desk.outbound.outbox import OutboxSender
from rasa_project.desk.outbound.rasa_client import RasaClient
from rasa_project.desk.outbound.standing_sender import StandingSender
from rasa_project.desk.people import accounts
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.queue.keeper import QueueKeeper
from rasa_project.desk.settings import Settings
from rasa_project.desk.store.database import Store
from rasa_project.desk.survey.keeper import SurveyKeeper
from rasa_project.desk.tickets.changes import Changes
from rasa_project.errors import StartError

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024  # a message of the allowed length in any script, and some air
_CLOSE_SECONDS = 2.0
_CANCEL_AGAIN_SECONDS = 0.5
_HOLD_SECONDS = 5.0


async def serve(settings: Settings) -> None:
    """Run the desk until SIGTERM or Ctrl-C.

    Raises:
        StartError: The port is taken, the database cannot be used, or the page is missing.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with _listen(settings.host, settings.port) as listener:
        store = Store(settings.desk_db)
        try:
            store.hold()  # before the migrations, which a running desk of an older version fears
            store.open()
            await _run(settings, store, listener, stop)
        finally:
            store.close()


async def _run(
    settings: Settings, store: Store, listener: socket.socket, stop: asyncio.Event
) -> None:
    async with (
        RasaClient(settings.rasa_url, settings.rasa_token) as rasa,
        AsyncExitStack() as stack,
    ):
        log.watch(store)
        sessions = Sessions(store, settings.access)
        live = Live(store, sessions)
        sender = OutboxSender(store, rasa, live.publish)

        async def changed(changes: Changes) -> None:
            sender.wake()
            await live.publish(changes)

        file = connector_settings.read()
        connectors = await stack.enter_async_context(open_connectors(file, store, changed))
        door = Door(store, sessions, settings.access)
        access = settings.access
        workshop = Workshop(
            store, sender, live, access, sessions, door, rasa, settings.desk, connectors.names
        )
        server = await _start_http(workshop, listener, connectors)
        _tell_one_time_password(store)
        logger.info("The desk listens on http://%s:%s.", *listener.getsockname()[:2])
        reader = _reader(settings, store)

        def anybody() -> bool:  # who works in a connected help desk has no page open here
            return bool(connectors.names) or live.anybody()

        keeper = QueueKeeper(store, settings.desk, live.present, anybody, sender.wake)
        live.on_change.append(keeper.wake)
        standings = StandingSender(store, settings.desk, rasa, live.present, anybody)
        live.on_change.append(standings.wake)
        survey = SurveyKeeper(store, settings.survey_after)
        work = [
            asyncio.create_task(reader.run(changed)),
            asyncio.create_task(sender.run()),
            asyncio.create_task(live.sweep()),
            asyncio.create_task(live.floor.run()),
            asyncio.create_task(keeper.run(live.publish)),
            asyncio.create_task(standings.run()),
            asyncio.create_task(survey.run(changed)),
            *(asyncio.create_task(part) for part in connectors.work()),
            asyncio.create_task(retention.run(store, settings.access.audit_days)),
            asyncio.create_task(_watch_hold(store)),
        ]
        try:
            asked = asyncio.create_task(stop.wait())
            await asyncio.wait([asked, *work], return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                if task.done():
                    task.result()  # raises what ended it
        finally:
            await _end(work)
            await _stop_http(server)


def _reader(settings: Settings, store: Store) -> Any:
    if settings.event_broker:
        # Half a second of imports that a desk on SQLite need not wait for.
        from rasa_project.desk.inbound.rabbitmq import RabbitmqReader

        return RabbitmqReader(settings.event_broker, store)
    return EventReader(settings.tracker_db, store)


async def _watch_hold(store: Store) -> None:
    """End the desk when another one has taken over its database."""
    while True:
        await asyncio.sleep(_HOLD_SECONDS)
        await asyncio.to_thread(store.check_hold)


async def _end(work: list[asyncio.Task[None]]) -> None:
    """Cancel until it has taken.

    A library may lose one: Python 3.10's `wait_for` does, when what it waits for is done just then.
    """
    running = set(work)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_CANCEL_AGAIN_SECONDS)


def _application(workshop: Workshop, connectors: Connectors) -> Sanic:
    app = Sanic("attune-desk", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.REQUEST_TIMEOUT = 15
    app.config.RESPONSE_TIMEOUT = 600  # of a file that goes through a slow network
    app.config.FALLBACK_ERROR_FORMAT = "json"
    guard.protect(app)
    workshop.live.sio.attach(app, "/socket.io")
    app.blueprint(api.blueprint(workshop))
    app.blueprint(webhooks.blueprint(connectors.inbox, connectors.names))
    app.blueprint(pages.blueprint())

    async def health(_request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    app.add_route(health, "/health", methods=["GET"])
    return app


async def _start_http(workshop: Workshop, listener: socket.socket, connectors: Connectors) -> Any:
    app = _application(workshop, connectors)
    server: Any = await app.create_server(
        sock=listener, return_asyncio_server=True, access_log=False
    )
    await server.startup()
    return server


async def _stop_http(server: Any) -> None:
    server.close()
    for connection in list(server.connections):
        connection.abort()  # live pages stay open for ever otherwise; they come back by themselves
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(server.wait_closed(), _CLOSE_SECONDS)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # now, so that a second desk on this port fails at once
    except OSError as error:
        listener.close()
        raise StartError(
            f"The desk cannot listen on {host}:{port}: {error.strerror}. Stop what uses the port, "
            "or choose another with ATTUNE_DESK_HOST and ATTUNE_DESK_PORT."
        ) from error
    return listener


def _tell_one_time_password(store: Store) -> None:
    """Print it for the person at the terminal; a supervisor takes this line out of the log."""
    password = accounts.first_one_time_password(store)
    if password is not None:
        print(f"ONE_TIME_PASSWORD {accounts.FIRST_AGENT} {password}", flush=True)
