"""An imitation of Messenger and Instagram, after "Messenger Platform" at developers.facebook.com.

"Webhooks" (the signature, the forms of events), "Send API" and "Send a message" (Instagram's 1,000
bytes), "Quick replies", "Sender actions", "Error codes".
"""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json
from tests.rasa_project.channels.messaging.providers.fake_whatsapp import (
    APP_SECRET,
    TOKEN,
    VERIFY_TOKEN,
    failure,
    signed,
)

PAGE = "10150000000"


class FakeMessenger(FakeService):
    """The Graph API for one page, and customers with the app."""

    name = "facebook"
    object = "page"
    channel = "rasa_project.channels.messaging.providers.messenger.MessengerInput"
    most = 2000

    def settings(self) -> dict[str, Any]:
        return {
            "access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN,
            "page_id": PAGE, "graph_url": f"{self.url}/v22.0",
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v22.0/me/messages", self._take),
            web.get("/v22.0/me", self._about),
            web.get("/v/{name}", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        return signed(event)

    def whole(self, *events: dict[str, Any], page: str = PAGE) -> Any:
        entry = {"id": page, "time": int(time.time() * 1000), "messaging": list(events)}
        return {"object": self.object, "entry": [entry]}

    def event(self, customer: str, more: dict[str, Any]) -> dict[str, Any]:
        at = int(time.time() * 1000) + self.next_number()
        return {"sender": {"id": customer}, "recipient": {"id": PAGE}, "timestamp": at, **more}

    def written(self, customer: str, text: str) -> Any:
        message = {"mid": f"m_{self.next_number()}", "text": text}
        return self.whole(self.event(customer, {"message": message}))

    def pictured(self, customer: str, content: bytes) -> Any:
        return self.linked(customer, f"{self.url}/v/{self.keep(content)}?_nc_cat=1&oh=h&oe=e")

    def linked(self, customer: str, url: str) -> Any:
        """A picture that stands anywhere."""
        attachments = [{"type": "image", "payload": {"url": url}}]
        message = {"mid": f"m_{self.next_number()}", "attachments": attachments}
        return self.whole(self.event(customer, {"message": message}))

    def pressed(self, customer: str, title: str) -> Any:
        for to, message in reversed(self.sent):
            for one in message.get("quick_replies", []):
                if to == customer and one["title"] == title:
                    quick_reply = {"payload": one["payload"]}
                    found = {"mid": f"m_{self.next_number()}", "text": title}
                    whole = {"message": {**found, "quick_reply": quick_reply}}
                    return self.whole(self.event(customer, whole))
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        return failure(400, 613, "Calls to this API have exceeded the rate limit.")

    def texts(self, customer: str) -> list[str]:
        return [
            message.get("text") or message["attachment"]["payload"]["url"]
            for to, message in self.sent
            if to == customer
        ]

    def measured(self, text: str) -> int:
        return len(text)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return failure(401, 190, "Error validating access token")
        content = await request.json()
        if "sender_action" in content:
            self.courtesies.append(content)
            return as_json({"recipient_id": content["recipient"]["id"]})
        message = content["message"]
        choices = message.get("quick_replies", [])
        right = (
            content["messaging_type"] in {"RESPONSE", "MESSAGE_TAG"}
            and 1 <= self.measured(message.get("text", "x")) <= self.most
            and len(choices) <= 13
            and all(1 <= len(one["title"]) <= 20 for one in choices)
        )
        if not right:
            return failure(400, 100, "(#100) Param is not valid")
        return await self.in_turn(lambda: self._show(content["recipient"]["id"], message))

    def _show(self, customer: str, message: dict[str, Any]) -> web.Response:
        self.sent.append((customer, message))
        return as_json({"recipient_id": customer, "message_id": f"m_{self.next_number()}"})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        assert "Authorization" not in request.headers  # the address opens by itself
        return await self.give(request, request.match_info["name"])

    async def _about(self, request: web.Request) -> web.Response:
        return as_json({"name": "Shop", "id": PAGE})


class FakeInstagram(FakeMessenger):
    """The same for an Instagram account."""

    name = "instagram"
    object = "instagram"
    channel = "rasa_project.channels.messaging.providers.messenger.InstagramInput"
    most = 1000

    def measured(self, text: str) -> int:
        return len(text.encode())
