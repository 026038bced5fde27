"""An imitation of Meta's WhatsApp Cloud API, after its pages at developers.facebook.com/docs.

"Webhooks: Getting Started" (the handshake, `X-Hub-Signature-256`, repeated deliveries), "Webhooks:
messages", "Messages" of the Cloud API's reference, "Interactive reply buttons messages",
"Interactive list messages", "Typing indicators", "Media" (the token is asked for
twice), "Error codes" (401, 429 and the codes).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

TOKEN = "token-of-the-tests"
APP_SECRET = "app-secret-of-the-tests"
VERIFY_TOKEN = "verify-token-of-the-tests"
NUMBER = "106540352242922"


def signed(event: Any, secret: str = APP_SECRET) -> Delivery:
    # Meta escapes what is beyond ASCII, and signs the body as it is sent.
    body = json.dumps(event, ensure_ascii=True).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
    return Delivery(body, headers)


class FakeWhatsApp(FakeService):
    """The Graph API for one number, and customers with the app."""

    name = "whatsapp"
    channel = "rasa_project.channels.messaging.providers.whatsapp.WhatsAppInput"

    def settings(self) -> dict[str, Any]:
        return {
            "access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN,
            "phone_number_id": NUMBER, "graph_url": f"{self.url}/v22.0",
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"/v22.0/{NUMBER}/messages", self._take),
            web.get(f"/v22.0/{NUMBER}", self._about),
            web.get("/v22.0/{media}", self._place),
            web.get("/whatsapp_business/attachments/", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        return signed(event)

    def written(self, customer: str, text: str) -> Any:
        return self.event(customer, {"type": "text", "text": {"body": text}})

    def event(self, customer: str, message: dict[str, Any]) -> Any:
        whole = {
            "from": customer,
            "id": f"wamid.{self.next_number()}",
            "timestamp": str(int(time.time())),
            **message,
        }
        profile = {"profile": {"name": "Ana"}, "wa_id": customer}
        return change({"contacts": [profile], "messages": [whole]})

    def pictured(self, customer: str, content: bytes) -> Any:
        image = {"id": self.keep(content), "mime_type": "image/png", "sha256": "s"}
        return self.event(customer, {"type": "image", "image": image})

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for kind, choice in choices(content):
                if to == customer and choice["title"] == title:
                    reply = {"id": choice["id"], "title": title}
                    interactive = {"type": kind, kind: reply}
                    return self.event(customer, {"type": "interactive", "interactive": interactive})
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        return failure(429, 131056, "(Business Account, Consumer Account) pair rate limit hit")

    def texts(self, customer: str) -> list[str]:
        return [shown(content) for to, content in self.sent if to == customer]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return failure(401, 190, "Access token has expired")
        content = await request.json()
        if content.get("messaging_product") != "whatsapp":
            return failure(400, 100, "(#100) The parameter messaging_product is required.")
        if content.get("status") == "read":
            self.courtesies.append(content)
            return as_json({"success": True})
        if wrong := error(content):
            return failure(400, 131009, wrong)
        return await self.in_turn(lambda: self._show(content))

    async def _about(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return failure(401, 190, "Access token has expired")
        return as_json({"display_phone_number": "15550783881", "verified_name": "Shop"})

    async def _place(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["media"]
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return failure(401, 190, "Access token has expired")
        if name not in self.files:
            return failure(400, 100, "Unsupported get request. Object does not exist")
        url = f"{self.url}/whatsapp_business/attachments/?mid={name}&ext=1&hash=h"
        return as_json({"messaging_product": "whatsapp", "url": url, "id": name})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        return await self.give(request, request.query["mid"])

    def _show(self, content: dict[str, Any]) -> web.Response:
        customer, name = content["to"], f"wamid.out{self.next_number()}"
        self.sent.append((customer, {**content, "id": name}))
        contacts = [{"input": customer, "wa_id": customer}]
        return as_json(
            {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": name}]}
        )


def change(value: dict[str, Any], field: str = "messages", number: str = NUMBER) -> Any:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": "102290129340398", "changes": [{"value": whole, "field": field}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def failure(status: int, code: int, message: str) -> web.Response:
    found = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return as_json({"error": found}, status)


def choices(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    action = content.get("interactive", {}).get("action", {})
    for button in action.get("buttons", []):
        yield "button_reply", button["reply"]
    for section in action.get("sections", []):
        yield from (("list_reply", row) for row in section["rows"])


def error(content: dict[str, Any]) -> str:
    """Say what the API would refuse."""
    if not content.get("to", "").isdecimal():
        return "Parameter value is not valid: to"
    interactive = content.get("interactive")
    if interactive is None:
        body = content.get("text", {}).get("body", "x")
        return "" if 1 <= len(body) <= 4096 else "Parameter value is not valid: text"
    found = [choice for _, choice in choices(content)]
    titles = [one["title"] for one in found]
    most, longest, words = (3, 20, 1024) if interactive["type"] == "button" else (10, 24, 4096)
    right = (
        1 <= len(found) <= most
        and len(set(titles)) == len(titles)
        and all(1 <= len(title) <= longest for title in titles)
        and all(1 <= len(one["id"]) <= 200 for one in found)
        and 1 <= len(interactive["body"]["text"]) <= words
        and len(interactive["action"].get("button", "")) <= 20
    )
    return "" if right else "Parameter value is not valid: interactive"


def shown(content: dict[str, Any]) -> str:
    kind = content["type"]
    if kind == "interactive":
        return str(content["interactive"]["body"]["text"])
    return str(content[kind].get("body") or content[kind].get("link") or "")
