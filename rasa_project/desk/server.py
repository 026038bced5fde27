"""The desk as one process: event reader, outbox, HTTP API, live updates and page."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.desk import accounts, guard, pages
from rasa_project.desk.api import Api
from rasa_project.desk.errors import StartError
from rasa_project.desk.live import Live
from rasa_project.desk.outbox import OutboxSender
from rasa_project.desk.rasa_client import RasaClient
from rasa_project.desk.reader import EventReader
from rasa_project.desk.settings import Settings
from rasa_project.desk.store import Store

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024  # a message of the allowed length in any script, and some air
_CLOSE_SECONDS = 2.0
_CANCEL_AGAIN_SECONDS = 0.5


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
        store.open()
        try:
            store.hold()
            await _run(settings, store, listener, stop)
        finally:
            store.close()


async def _run(
    settings: Settings, store: Store, listener: socket.socket, stop: asyncio.Event
) -> None:
    async with RasaClient(settings.rasa_url, settings.rasa_token) as rasa:
        live, sender = Live(store), OutboxSender(store, rasa)
        server = await _start_http(store, sender, live, listener)
        _tell_one_time_password(store)
        logger.info("The desk listens on http://%s:%s.", *listener.getsockname()[:2])
        reader = EventReader(settings.tracker_db, store)
        work = [
            asyncio.create_task(reader.run(live.publish)),
            asyncio.create_task(sender.run(live.publish)),
            asyncio.create_task(live.sweep()),
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


async def _end(work: list[asyncio.Task[None]]) -> None:
    """Cancel until it has taken.

    A library may lose one: Python 3.10's `wait_for` does, when what it waits for is done just then.
    """
    running = set(work)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_CANCEL_AGAIN_SECONDS)


def _application(store: Store, sender: OutboxSender, live: Live) -> Sanic:
    app = Sanic("attune-desk", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.REQUEST_TIMEOUT = 15
    app.config.FALLBACK_ERROR_FORMAT = "json"
    guard.protect(app)
    live.sio.attach(app, "/socket.io")
    app.blueprint(Api(store, sender, live).blueprint())
    app.blueprint(pages.blueprint())

    async def health(_request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    app.add_route(health, "/health", methods=["GET"])
    return app


async def _start_http(
    store: Store, sender: OutboxSender, live: Live, listener: socket.socket
) -> Any:
    app = _application(store, sender, live)
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
