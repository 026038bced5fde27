"""An action server on loopback: the SDK's own executor, well or unwell."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

from aiohttp import web
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class ActionServer:
    """Runs the custom actions of a module; without one, it never answers.

    Attributes:
        called: The names of the actions asked for.
        endpoint: Its address, for an agent.
    """

    def __init__(self, actions: ModuleType | None) -> None:
        self.called: list[str] = []
        self.endpoint = EndpointConfig()
        self._executor = ActionExecutor()
        self._answers = actions is not None
        if actions is not None:
            self._executor.register_package(actions)
        self._arrived = asyncio.Event()
        self._stopped = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> ActionServer:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/webhook", self._run)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0]
        self.endpoint = EndpointConfig(f"http://{host}:{port}/webhook")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop; whoever still waits is let go."""
        self._stopped.set()
        assert self._runner is not None
        await self._runner.cleanup()

    async def wait_called(self) -> None:
        """Wait until an action was asked for."""
        await self._arrived.wait()

    async def _run(self, request: web.Request) -> web.Response:
        call: dict[str, Any] = await request.json()
        self.called.append(call["next_action"])
        self._arrived.set()
        if not self._answers:
            await self._stopped.wait()
            return web.Response(status=503)
        return web.json_response(await self._executor.run(call))
