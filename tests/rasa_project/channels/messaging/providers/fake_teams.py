"""An imitation of Microsoft's Bot Connector and of Teams behind it, after learn.microsoft.com.

"Authentication with the Bot Connector API" (both directions, keys with endorsements), "Activity
schema", "Send and receive messages with the Bot Connector API", "Optimize your bot with rate
limiting in Teams", "Card actions" (messageBack).
"""

from __future__ import annotations

import datetime
import functools
import json
import time
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

APP, PASSWORD, TENANT = "2d0ad1b4-0000-4000-8000-0123456789ab", "app-password", "tenant-of-tests"
ISSUER = "https://api.botframework.com"
BOT = {"id": f"28:{APP}", "name": "Shop"}


@functools.lru_cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key of this name; the same whenever it is asked for."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeTeams(FakeService):
    """The Connector, its keys and tokens, and people in Teams.

    Attributes:
        keys: Names of the keys that are published; the first one signs.
        keys_asked: How often they were asked for.
        keys_down: They are not to be had.
        access_token: The one that is good; empty where another one has to be asked for.
        tokens_asked: How often one was asked for.
        refuses: Status and code that answer each activity.
    """

    name = "teams"
    channel = "rasa_project.channels.messaging.providers.teams.TeamsInput"

    def __init__(self) -> None:
        super().__init__()
        self.keys = ["key-1"]
        self.keys_asked = 0
        self.keys_down = False
        self.access_token = ""
        self.tokens_asked = 0
        self.refuses: tuple[int, str] | None = None
        self.groups = False

    def settings(self) -> dict[str, Any]:
        return {
            "app_id": APP, "app_password": PASSWORD, "tenant_id": TENANT, "login_url": self.url,
            "openid_url": f"{self.url}/v1/.well-known/openidconfiguration",
            "groups": self.groups,
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._publish),
            web.post(f"/{TENANT}/oauth2/v2.0/token", self._give_token),
            web.post("/teams/v3/conversations/{id}/activities", self._take),
            web.get("/teams/v3/attachments/{name}/views/original", self._give),
        ]

    @property
    def service_url(self) -> str:
        return f"{self.url}/teams/"

    def placed(self, activity: dict[str, Any]) -> dict[str, Any]:
        """An activity with the address of this very service."""
        return {**activity, "serviceUrl": self.service_url}

    def delivery(self, event: Any) -> Delivery:
        return self.signed(event)

    def signed(self, event: Any, name: str = "", **claims: Any) -> Delivery:
        """A request with a token; claims as they are usually, unless given."""
        name, now = name or self.keys[0], int(time.time())
        usual = {"serviceurl": self.service_url, "iss": ISSUER, "aud": APP, "nbf": now - 300,
                 "exp": now + 3600}  # fmt: skip
        whole = {k: v for k, v in {**usual, **claims}.items() if v is not None}
        token = jwt.encode(whole, key(name), "RS256", headers={"kid": name})
        return Delivery(json.dumps(event).encode(), with_token(token))

    def written(self, customer: str, text: str) -> Any:
        return self.activity(customer, text=text)

    def activity(self, conversation: str, kind: str = "personal", **more: Any) -> Any:
        moment = datetime.datetime.fromtimestamp(time.time(), datetime.timezone.utc)
        return {
            "type": "message", "id": str(1_600_000_000_000 + self.next_number()),
            "timestamp": f"{moment:%Y-%m-%dT%H:%M:%S.%f}7Z", "channelId": "msteams",
            "serviceUrl": self.service_url, "recipient": BOT, "textFormat": "plain",
            "from": {"id": "29:1ana", "name": "Ana Lee", "aadObjectId": "ana-id"},
            "conversation": {"conversationType": kind, "tenantId": TENANT, "id": conversation},
            "locale": "en-GB", "localTimezone": "Europe/London", **more,
        }  # fmt: skip

    def pictured(self, customer: str, content: bytes) -> Any:
        url = f"{self.service_url}v3/attachments/{self.keep(content)}/views/original"
        return self.activity(
            customer, text="", attachments=[{"contentType": "image/*", "contentUrl": url}]
        )

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for one in buttons(content):
                if to == customer and one["title"] == title:
                    return self.activity(customer, text=one["text"], value=one["value"])
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        answer = failure(429, "TooManyRequests", "API calls quota exceeded")
        answer.headers["Retry-After"] = str(self.retry_after)
        return answer

    def texts(self, customer: str) -> list[str]:
        return [
            content.get("text") or content["attachments"][0]["contentUrl"]
            for to, content in self.sent
            if to == customer
        ]

    async def _metadata(self, _request: web.Request) -> web.StreamResponse:
        if self.keys_down:
            return web.Response(status=503, text="Server error")
        jwks = f"{self.url}/v1/.well-known/keys"
        return as_json({"issuer": ISSUER, "jwks_uri": jwks})

    async def _publish(self, _request: web.Request) -> web.StreamResponse:
        self.keys_asked += 1
        shown = [
            {**json.loads(RSAAlgorithm.to_jwk(key(name).public_key())), "kid": name,
             "use": "sig", "endorsements": ["msteams", "webchat"]}
            for name in self.keys
        ]  # fmt: skip
        return as_json({"keys": shown})

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        right = {"grant_type": "client_credentials", "client_id": APP, "client_secret": PASSWORD,
                 "scope": f"{ISSUER}/.default"}  # fmt: skip
        if dict(await request.post()) != right:
            error = "AADSTS7000215: Invalid client secret provided."
            return as_json({"error": "invalid_client", "error_description": error}, 401)
        self.tokens_asked += 1
        self.access_token = self.access_token or f"token-{self.next_number()}"
        return as_json({"token_type": "Bearer", "expires_in": 3599,
                        "access_token": self.access_token})  # fmt: skip

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.access_token or '-'}":
            return failure(401, "Unauthorized", "Authorization has been denied for this request.")
        content, conversation = await request.json(), request.match_info["id"]
        if content["from"] != BOT or content["conversation"] != {"id": conversation}:
            return failure(400, "BadArgument", "Invalid bot or conversation")
        if content["type"] == "typing":
            self.courtesies.append(content)
            return as_json({}, 202)
        if self.refuses:
            return failure(*self.refuses, "No.")
        if len(content.get("text", "").encode()) > 28_000 or len(buttons(content)) > 6:
            return failure(413, "MessageSizeTooBig", "Message size too large.")
        return await self.in_turn(lambda: self._show(conversation, content))

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.access_token or '-'}":
            return failure(401, "Unauthorized", "Authorization has been denied for this request.")
        return await self.give(request, request.match_info["name"])

    def _show(self, conversation: str, content: dict[str, Any]) -> web.Response:
        self.sent.append((conversation, content))
        return as_json({"id": str(1_600_000_000_000 + self.next_number())}, 201)


def with_token(token: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}


def buttons(content: dict[str, Any]) -> list[dict[str, Any]]:
    cards = content.get("attachments", [])
    return [one for card in cards for one in card.get("content", {}).get("buttons", [])]


def failure(status: int, code: str, words: str) -> web.Response:
    return as_json({"error": {"code": code, "message": words}}, status)
