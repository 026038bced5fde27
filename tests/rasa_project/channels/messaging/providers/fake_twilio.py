"""An imitation of Twilio, after www.twilio.com/docs.

"Webhooks security" (`X-Twilio-Signature`), "Twilio's request to your incoming message Webhook URL",
"Messages resource", "Monitor the status of your message", "Error and Warning Dictionary",
"Typing indicators", "Media resource" (which sends on to where the file is),
"IncomingPhoneNumber resource", "Services resource" of Messaging.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import aiohttp
from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

ACCOUNT, TOKEN = "AC" + "0" * 32, "auth-token-of-the-tests"
NUMBER, SERVICE = "+15017122661", "MG" + "1" * 32
PUBLIC = "https://bot.example"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FORM = "application/x-www-form-urlencoded; charset=utf-8"


class FakeTwilio(FakeService):
    """An account with a number, and people with phones.

    Attributes:
        sender: Who writes, as in the settings.
        stopped: Customers who wrote STOP.
        webhook: Where messages to the sender go.
        mms: Whether the number may send pictures.
        fails: The next message fails at once, before its sender knows its name.
        first_report: How the first report about it was answered.
        reports: Those that are made again.
    """

    name = "twilio"
    channel = "rasa_project.channels.messaging.providers.twilio.TwilioSmsInput"
    scheme = ""
    numbers_buttons = True

    def __init__(self) -> None:
        super().__init__()
        self.sender = NUMBER
        self.stopped: set[str] = set()
        self.webhook = ""
        self.mms = False
        self.fails = False
        self.first_report = 0
        self.reports: list[asyncio.Task[None]] = []

    def settings(self) -> dict[str, Any]:
        return {
            "account_sid": ACCOUNT, "auth_token": TOKEN, "sender": self.sender,
            "public_url": PUBLIC, "api_url": self.url, "messaging_url": self.url,
            **({"mms": True} if self.mms else {}),
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        return [
            web.post(f"{account}/Messages.json", known(self._create)),
            web.get(f"{account}.json", known(self._about)),
            web.get(f"{account}/IncomingPhoneNumbers.json", known(self._numbers)),
            web.route("*", f"{account}/IncomingPhoneNumbers/PN1.json", known(self._one_number)),
            web.post("/v2/Indicators/Typing.json", known(self._typing)),
            web.get(f"{account}/Messages/{{message}}/Media/{{name}}", known(self._send_on)),
            web.get("/mms/{name}", self._give),
            web.route("*", f"/v1/Services/{SERVICE}", known(self._service)),
        ]

    def delivery(self, event: Any) -> Delivery:
        return signed({key: _text(value) for key, value in event.items()}, self.hook_path)

    @property
    def hook_path(self) -> str:
        return f"/webhooks/{self.name}/webhook"

    def written(self, customer: str, text: str) -> Any:
        return self.received(customer, Body=text)

    def received(self, customer: str, **fields: str) -> Any:
        name = f"SM{self.next_number():032x}"
        return {
            "ToCountry": "US", "SmsMessageSid": name, "NumMedia": "0", "SmsSid": name,
            "SmsStatus": "received", "FromCountry": "US", "To": f"{self.scheme}{NUMBER}",
            "NumSegments": "1", "MessageSid": name, "AccountSid": ACCOUNT,
            "From": f"{self.scheme}{customer}", "ApiVersion": "2010-04-01",
            **({"MessagingServiceSid": SERVICE} if self.sender == SERVICE else {}), **fields,
        }  # fmt: skip

    def pictured(self, customer: str, content: bytes) -> Any:
        event = self.received(customer, Body="", NumMedia="1", MediaContentType0="image/png")
        place = f"Accounts/{ACCOUNT}/Messages/{event['MessageSid']}/Media/{self.keep(content)}"
        return {**event, "MediaUrl0": f"{self.url}/2010-04-01/{place}"}

    def reported(self, name: str, status: str, **fields: str) -> Any:
        """What became of a message."""
        return {
            "SmsSid": name, "SmsStatus": status, "MessageStatus": status, "MessageSid": name,
            "To": f"{self.scheme}4711", "From": f"{self.scheme}{NUMBER}", "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01", **fields,
        }  # fmt: skip

    def pressed(self, customer: str, title: str) -> Any:
        """The number before a title, typed."""
        for to, content in reversed(self.sent):
            match = re.search(rf"^(\d+)\. {re.escape(title)}$", content.get("Body", ""), re.M)
            if to == customer and match:
                return self.written(customer, match[1])
        raise AssertionError(f"{customer} has no choice {title!r}")

    def limited(self) -> web.Response:
        return failure(429, 20429, "Too Many Requests")

    def texts(self, customer: str) -> list[str]:
        return [
            content.get("Body") or content.get("MediaUrl") or content["ContentSid"]
            for to, content in self.sent
            if to == customer
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        content = {key: str(value) for key, value in (await request.post()).items()}
        customer = content["To"].removeprefix(self.scheme)
        wrong = self._error(customer, content)
        if wrong is not None:
            return wrong
        if self.fails:
            return await self._reject(customer, content)
        return await self.in_turn(lambda: self._show(customer, content))

    def _error(self, customer: str, content: dict[str, str]) -> web.Response | None:
        own = f"{self.scheme}{self.sender}"
        if not content["To"].startswith(self.scheme) or not re.fullmatch(r"\+?\d{1,15}", customer):
            return failure(400, 21211, f"The 'To' number {content['To']} is not a valid number.")
        if (
            content.get("From", own) != own
            or content.get("MessagingServiceSid", SERVICE) != SERVICE
        ):
            return failure(400, 21660, "Mismatch between the 'From' number and the account")
        if not any(content.get(key) for key in ("Body", "MediaUrl", "ContentSid")):
            return failure(400, 21619, "A text message body or media urls must be specified.")
        if len(content.get("Body", "").encode("utf-16-le")) > 2 * 1600:
            return failure(400, 21617, "The concatenated message body exceeds the 1600 limit")
        if customer in self.stopped:
            return failure(400, 21610, "Attempt to send to unsubscribed recipient")
        return None

    async def _reject(self, customer: str, content: dict[str, str]) -> web.Response:
        """Take a message whose failure is reported before the answer is on its way."""
        answer = self._show(customer, content)
        name, self.fails = self.sent[-1][1]["sid"], False
        report = self.delivery(self.reported(name, "failed", ErrorCode="63024"))
        self.first_report = (await self.post(report.body, report.headers))[0]
        self.reports.append(asyncio.create_task(self.deliver(report)))
        return answer

    def _show(self, customer: str, content: dict[str, str]) -> web.Response:
        name = f"SM{self.next_number():032x}"
        self.sent.append((customer, {**content, "sid": name}))
        return as_json({"sid": name, "status": "queued", "num_segments": "1"}, 201)

    async def _about(self, request: web.Request) -> web.StreamResponse:
        return as_json({"friendly_name": "Shop", "status": "active"})

    async def _numbers(self, request: web.Request) -> web.StreamResponse:
        found = [{"sid": "PN1", "phone_number": NUMBER}]
        asked = request.query.get("PhoneNumber")
        return as_json(
            {"incoming_phone_numbers": [one for one in found if one["phone_number"] == asked]}
        )

    async def _one_number(self, request: web.Request) -> web.StreamResponse:
        return await self._hooked(request, "SmsUrl", "sms_url")

    async def _service(self, request: web.Request) -> web.StreamResponse:
        return await self._hooked(request, "InboundRequestUrl", "inbound_request_url")

    async def _typing(self, request: web.Request) -> web.StreamResponse:
        self.courtesies.append({key: str(value) for key, value in (await request.post()).items()})
        return as_json({"success": True})

    async def _send_on(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(f"{self.url}/mms/{request.match_info['name']}")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        return await self.give(request, request.match_info["name"])

    async def _hooked(self, request: web.Request, given: str, shown: str) -> web.Response:
        if request.method == "POST":
            self.webhook = str((await request.post())[given])
        return as_json({"sid": "PN1", shown: self.webhook})


class FakeTwilioWhatsApp(FakeTwilio):
    """The same with WhatsApp on the phones."""

    name = "twilio_whatsapp"
    channel = "rasa_project.channels.messaging.providers.twilio.TwilioWhatsAppInput"
    scheme = "whatsapp:"


def known(handle: Handler) -> Handler:
    """Hold that a request shows the account's credentials."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") == aiohttp.BasicAuth(ACCOUNT, TOKEN).encode():
            return await handle(request)
        return failure(401, 20003, "Authenticate")

    return checked


def signed(fields: dict[str, str], path: str, token: str = TOKEN) -> Delivery:
    """A request to a path at the public address."""
    body = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in fields.items())
    # Twilio signs what it reads in its own request.
    read = dict(parse_qsl(body, keep_blank_values=True))
    said = f"{PUBLIC}{path}" + "".join(f"{key}{read[key]}" for key in sorted(read))
    digest = hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()
    headers = {"Content-Type": FORM, "X-Twilio-Signature": base64.b64encode(digest).decode()}
    return Delivery(body.encode(), headers)


def failure(status: int, code: int, message: str) -> web.Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return as_json({"code": code, "message": message, "more_info": more, "status": status}, status)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return quote_plus(text, safe="*-._", errors="replace")
