"""An imitation of a service that gives access tokens, and tells mail servers which are good.

After RFC 6749 ("Refreshing an Access Token", "Client Credentials Grant", "Error Response"), RFC
7662 (introspection) and "Refresh tokens" at learn.microsoft.com (which come anew).
"""

from __future__ import annotations

import itertools
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import as_json

CLIENT, SECRET, REFRESH = "client-of-the-tests", "client-secret-of-the-tests", "refresh-0"


class FakeOAuth:
    """A token service for one mailbox.

    Attributes:
        user: Whose mailbox it is.
        good: Access tokens that are good, and whose they are.
        refresh: The refresh token that is good.
        renews: Each use gives another refresh token, and ends the one before.
        asked: The requests for tokens: path and form.
        refuses: An error that answers each of them.
    """

    def __init__(self, user: str, good: dict[str, str]) -> None:
        self.user = user
        self.good = good
        self.refresh = REFRESH
        self.renews = False
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.refuses = ""
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> None:
        app = web.Application()
        app.add_routes([
            web.post("/introspect", self._introspect),
            web.post("/{path:.*}", self._give),
        ])  # fmt: skip
        self._runner = web.AppRunner(app, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def end(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _give(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append((request.path, form))
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return as_json({"error": "invalid_client"}, 401)
        known = form["grant_type"] == "client_credentials" or form["refresh_token"] == self.refresh
        if self.refuses or not known:
            words = self.refuses or "AADSTS70008: The refresh token has expired."
            return as_json({"error": "invalid_grant", "error_description": words}, 400)
        token = f"token-{next(self._numbers)}"
        self.good[token] = self.user
        given: dict[str, Any] = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        if self.renews:
            self.refresh = given["refresh_token"] = f"refresh-{token}"
        return as_json(given)

    async def _introspect(self, request: web.Request) -> web.StreamResponse:
        user = self.good.get(str((await request.post()).get("token")))
        return as_json({"active": bool(user), **({"username": user} if user else {})})
