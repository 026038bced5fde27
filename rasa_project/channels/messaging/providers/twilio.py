"""SMS and WhatsApp by Twilio: https://www.twilio.com/docs/messaging/api/message-resource."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

import aiohttp
from pydantic import SecretStr, validator
from twilio.request_validator import RequestValidator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers.twilio_errors import failure
from rasa_project.channels.messaging.providers.twilio_webhooks import Line, form_of, read_webhook
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.settings import ChannelSettings, require_address
from rasa_project.channels.messaging.splitting import utf16
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks.errors import Refused

_SENDER: Final = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-f]{32}")
_MEDIA_HOSTS: Final = ("api.twilio.com",)
_ACCOUNT: Final = re.compile(r"AC[0-9a-f]{32}")
# How answers call what requests call otherwise.
_FIELDS: Final = {"SmsUrl": "sms_url", "InboundRequestUrl": "inbound_request_url"}
# "Webhooks (HTTP callbacks): Connection Overrides": what fails or takes long is tried again.
_TRIED_AGAIN: Final = "#rc=5&rp=5xx,ct,rt"


class TwilioSettings(ChannelSettings):
    """Settings.

    Attributes:
        account_sid: Of the account, `AC…`.
        auth_token: Of the account; it signs the webhooks, so that an API key cannot replace it.
        sender: Who writes: a number such as `+4930901820`, a short code, or the SID of a
            Messaging Service, `MG…`.
        public_url: Where the internet finds this server; Twilio signs the address that it calls,
            which behind a proxy is not the one that arrives.
        api_url: Of another region.
        messaging_url: Of Messaging Services; of another region.
    """

    account_sid: str
    auth_token: SecretStr
    sender: str
    public_url: str
    api_url: str = "https://api.twilio.com"
    messaging_url: str = "https://messaging.twilio.com"

    _addresses = validator("public_url", "api_url", "messaging_url", allow_reuse=True)(
        require_address
    )

    @validator("account_sid")
    def _account(cls, value: str) -> str:  # pydantic's own form
        if not _ACCOUNT.fullmatch(value):
            raise ValueError("must be AC and 32 digits from 0 to f, as on the first page at Twilio")
        return value

    @validator("sender", pre=True)
    def _who(cls, value: Any) -> str:
        # Without quotes YAML reads a number, and the plus sign is lost.
        if not isinstance(value, str) or not _SENDER.fullmatch(value):
            raise ValueError(
                'must be a number in quotes, such as "+4930901820", a short code, or the SID of a '
                "Messaging Service"
            )
        return value


class SmsSettings(TwilioSettings):
    """Settings of SMS.

    Attributes:
        mms: The sender may send pictures, as numbers of the United States and Canada may; else
            they go out as links.
    """

    mms: bool = False


class TwilioProvider(Provider):
    """What SMS and WhatsApp share."""

    scheme: ClassVar[str]  # before a number in Twilio's addresses
    fetches = FILES

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._secret: str = settings.auth_token.get_secret_value()
        self._sender: str = settings.sender
        self._is_service = self._sender.startswith("MG")
        self._hook = f"{settings.public_url}/webhooks/{self.name}/webhook"
        self._validator = RequestValidator(self._secret)

    def verify(self, request: Request) -> None:
        """Check `X-Twilio-Signature`, made from the public address and all parameters."""
        url = f"{self.settings.public_url}{request.path}"
        given = request.header("x-twilio-signature")
        if not self._validator.validate(url, form_of(request.body), given):
            raise Refused(
                401,
                "The signature is missing or wrong. It is made from the address that Twilio calls: "
                "`public_url` has to be its beginning.",
            )

    def read(self, request: Request) -> Reading:
        """Read a message, or what became of one of ours."""
        line = Line(self.scheme, self._sender, self.title)
        return read_webhook(form_of(request.body), line)

    async def send(self, to: Recipient, part: Part) -> str:
        """Create a message."""
        form = {
            **self._form(part),
            "To": f"{self.scheme}{to.customer}",
            "StatusCallback": self._hook + _TRIED_AGAIN,
        }
        if self._is_service:
            form["MessagingServiceSid"] = self._sender
        else:
            form["From"] = f"{self.scheme}{self._sender}"
        created = await self._call("POST", self._account("/Messages.json"), form)
        return str(created.get("sid") or "")

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch one of our account's files ("Media resource"); Twilio sends us on to it."""
        url, sid = source.attachment.url, self.settings.account_sid
        if not urlsplit(url).path.startswith(f"/2010-04-01/Accounts/{sid}/"):
            raise NotSent("This is no file of our account at Twilio.", hopeless=True)
        auth = aiohttp.BasicAuth(sid, self._secret)
        base = self.settings.api_url
        async for chunk in self.http.files.read(url, base, _MEDIA_HOSTS, auth=auth):
            yield chunk

    async def check(self) -> list[Finding]:
        """Ask for the account, and where the sender's messages go."""
        try:
            account = await self._call("GET", self._account(".json"))
            found = [Finding(True, f"The credentials are those of {account['friendly_name']}.")]
            return [*found, await self._check_hook()]
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]

    async def register(self, url: str) -> None:
        """Have the sender's messages delivered here."""
        if url != self._hook:
            raise NotSent(
                f"`public_url` in credentials.yml makes the webhook {self._hook}, and not {url}: "
                "signatures would not fit. Make the two alike."
            )
        place, field, method = await self._place()
        await self._call("POST", place, {field: url + _TRIED_AGAIN, method: "POST"})

    async def _check_hook(self) -> Finding:
        place, field, _ = await self._place()
        url = str((await self._call("GET", place)).get(_FIELDS[field]) or "")
        fits = url.partition("#")[0] == self._hook
        says = f"Twilio delivers to {url}" if url else "Twilio delivers nowhere"
        return Finding(fits, says + ("." if fits else f", and not to {self._hook}."))

    async def _place(self) -> tuple[str, str, str]:
        """Return where the sender's webhook is set, and the names of its fields."""
        if self._is_service:
            place = f"{self.settings.messaging_url}/v1/Services/{self._sender}"
            return place, "InboundRequestUrl", "InboundMethod"
        numbers = self._account("/IncomingPhoneNumbers.json")
        query = f"?PhoneNumber={quote(self._sender, safe='')}"
        for number in (await self._call("GET", numbers + query)).get("incoming_phone_numbers", []):
            if number.get("phone_number") == self._sender:
                place = self._account(f"/IncomingPhoneNumbers/{number['sid']}.json")
                return place, "SmsUrl", "SmsMethod"
        raise NotSent(f"The account has no number {self._sender}.")

    def _account(self, place: str) -> str:
        return f"{self.settings.api_url}/2010-04-01/Accounts/{self.settings.account_sid}{place}"

    def _form(self, part: Part) -> dict[str, str]:
        raise NotImplementedError

    async def _call(
        self, method: str, url: str, form: Mapping[str, str] | None = None, seconds: float = 30.0
    ) -> dict[str, Any]:
        auth = aiohttp.BasicAuth(self.settings.account_sid, self._secret)
        reply = await self.http.request(method, url, form=form, auth=auth, seconds=seconds)
        return _result(reply, self.title)


class TwilioSms(TwilioProvider):
    """Text messages."""

    name = "twilio"
    title = "SMS by Twilio"
    scheme = ""
    Settings = SmsSettings
    # "Messages resource": 1,600 characters. Networks carry each message by itself, so those of one
    # answer arrive in order only with some time between them.
    limits = Limits(text=1600, measure=utf16, per_second=10.0, gap_seconds=1.0)

    def _form(self, part: Part) -> dict[str, str]:
        if part.kind == "custom":
            return _custom(part.custom)
        if part.kind == "image" and self.settings.mms:
            return {"MediaUrl": part.url}
        # Typographic signs that a plain one can replace would make each message dearer.
        return {"Body": part.text or part.url, "SmartEncoded": "true"}


class TwilioWhatsApp(TwilioProvider):
    """A WhatsApp number. For 24 hours after a customer's message it may write freely."""

    name = "twilio_whatsapp"
    title = "WhatsApp by Twilio"
    scheme = "whatsapp:"
    Settings = TwilioSettings
    # "WhatsApp messaging throughput": 80 messages a second; pace to a customer as with Meta.
    limits = Limits(
        text=1600, measure=utf16, per_second=60.0, gap_seconds=6.0, burst=45,
        window_seconds=24 * 3600.0,
    )  # fmt: skip

    typing_seconds = 20.0  # "Typing indicators": until an answer, or 25 seconds

    async def noticed(self, turn: Turn) -> None:
        """Show that the message was read, and typing."""
        await self.typing(Recipient(turn.customer), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing, which marks the customer's latest message as read."""
        url = f"{self.settings.messaging_url}/v2/Indicators/Typing.json"
        await self._call("POST", url, {"messageId": latest, "channel": "whatsapp"}, 5.0)

    def outside_window(self, part: Part) -> bool:
        """Let approved templates through; a bot's author writes one as a custom response."""
        return part.kind == "custom" and "ContentSid" in part.custom

    async def _check_hook(self) -> Finding:
        if self._is_service:
            return await super()._check_hook()
        return Finding(
            None, "Whether Twilio delivers here is seen under Messaging → Senders → WhatsApp."
        )

    async def _place(self) -> tuple[str, str, str]:
        if self._is_service:
            return await super()._place()
        raise NotImplementedError

    def _form(self, part: Part) -> dict[str, str]:
        if part.kind == "custom":
            return _custom(part.custom)
        if part.kind in {"image", "file"}:
            return {"MediaUrl": part.url}
        return {"Body": part.text}


class TwilioSmsInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.twilio.TwilioSmsInput` in `credentials.yml`."""

    Provider = TwilioSms


class TwilioWhatsAppInput(MessagingInput):
    """The same module's `TwilioWhatsAppInput` in `credentials.yml`."""

    Provider = TwilioWhatsApp


def _custom(custom: Mapping[str, Any]) -> dict[str, str]:
    """Return a bot author's own fields, such as `ContentSid` and `ContentVariables`."""
    if not custom.keys() & {"Body", "MediaUrl", "ContentSid"}:
        raise NotSent(
            "A message for Twilio needs a `Body`, a `MediaUrl` or a `ContentSid`.", hopeless=True
        )
    return {
        str(key): value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in custom.items()
    }


def _result(reply: Reply, title: str) -> dict[str, Any]:
    """Return what a call gave.

    Raises:
        NotSent: Twilio refused it.
        MaybeSent: It failed midway.
    """
    if reply.status in {200, 201} and isinstance(reply.content, dict):
        return reply.content
    raise failure(reply, title)
