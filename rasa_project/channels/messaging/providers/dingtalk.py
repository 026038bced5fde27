"""DingTalk (钉钉), a robot of an internal app: https://open.dingtalk.com/document/."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers.access_tokens import AccessToken, AccessTokens
from rasa_project.channels.messaging.providers.dingtalk_messages import (
    SESSION,
    SESSION_ENDS,
    STAFF,
    read_message,
)
from rasa_project.channels.messaging.providers.dingtalk_wording import (
    session_message,
    template_message,
)
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import ChannelSettings, require_address
from rasa_project.channels.messaging.turn import Reading
from rasa_project.webhooks import signatures

PAUSE_SECONDS: Final = 10.0  # DingTalk names none
_FILE_HOSTS: Final = (".dingtalk.com", ".aliyuncs.com", ".alicdn.com")
_MARGIN_SECONDS: Final = 60.0
# Of a session: too fast; it is not known or has ended; the system is busy.
_TOO_FAST: Final = 130101
_NO_SESSION: Final = frozenset({300001, 400101})
_BUSY: Final = -1
# `code` of the newer API's errors.
_BAD_TOKEN: Final = "InvalidAuthentication"
_MENDABLE: Final = frozenset({_BAD_TOKEN, "invalidClientIdOrSecret"})
_THROTTLED: Final = "Forbidden.AccessDenied.QpsLimit"


class DingTalkSettings(ChannelSettings):
    """Settings.

    Attributes:
        client_id: The app's Client ID, once called AppKey.
        client_secret: Its Client Secret, once called AppSecret; signs what comes in.
        robot_code: The robot's; mostly the Client ID.
        api_url: Of the newer API, for tokens and for messages that answer none.
        session_url: Where the addresses for answers have to be; others are not called.
    """

    client_id: str
    client_secret: SecretStr
    robot_code: str = ""
    api_url: str = "https://api.dingtalk.com"
    session_url: str = "https://oapi.dingtalk.com"

    _addresses = validator("api_url", "session_url", allow_reuse=True)(require_address)


class DingTalk(Provider):
    """Chats of one colleague with a robot; in groups it says nothing."""

    name = "dingtalk"
    title = "DingTalk"
    Settings = DingTalkSettings
    # About twenty messages a minute to a conversation; cards of five buttons at most.
    limits = Limits(text=3000, buttons=5, button_title=30, gap_seconds=4.0, burst=5)
    fetches = FILES

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._tokens = AccessTokens(self._fetch_token)
        self._robot: str = settings.robot_code or settings.client_id

    def verify(self, request: Request) -> None:
        """Check the signature of the time, which is all that DingTalk signs."""
        timestamp = request.header("timestamp")
        secret = self.settings.client_secret.get_secret_value()
        said = f"{timestamp}\n{secret}".encode("utf-8", "replace")
        expected = signatures.base64_of(signatures.sha256(secret, said))
        signatures.require_same(request.header("sign"), expected)
        at = signatures.seconds(timestamp)
        signatures.require_fresh(None if at is None else at / 1000, request.at)

    def read(self, request: Request) -> Reading:
        """Read a message."""
        reading = read_message(signatures.json_object(request.body), self._robot)
        return Reading(reading.turns, reading.receipts, reading.ignored, Answer({}))

    async def send(self, to: Recipient, part: Part) -> str:
        """Answer in the session while it lasts; write to the colleague themselves after it."""
        if self._session_lasts(to):
            reply = await self.http.request("POST", to.route[SESSION], session_message(part))
            if _session_error(reply) not in _NO_SESSION:
                _require_session_success(reply)
                return ""
        if not to.route.get(STAFF):
            raise NotSent(
                "DingTalk lets the robot write to colleagues alone, once the session of somebody "
                "else's last message has ended. They have to write first.",
                hopeless=True,
            )
        return await self._write(to, part)

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Ask where a file is ("下载机器人接收消息的文件内容"), and fetch it."""
        asked = {"downloadCode": source.attachment.id, "robotCode": self._robot}
        found = await self._call("robot/messageFiles/download", asked)
        url, base = str(found.get("downloadUrl") or ""), self.settings.api_url
        if not url.startswith(f"{base}/"):
            url = url.replace("http://", "https://", 1)  # it opens by itself
        async for chunk in self.http.files.read(url, base, _FILE_HOSTS):
            yield chunk

    async def check(self) -> list[Finding]:
        """Fetch an access token."""
        try:
            await self._tokens.get()
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, "Client ID and Client Secret are right."),
            Finding(None, "Whether the robot receives messages by HTTP only its page tells."),
        ]

    def _session_lasts(self, to: Recipient) -> bool:
        """Say whether the session's address is DingTalk's own and still good.

        What customers' messages hold is not signed, so that an address may lead anywhere.
        """
        given, ours = urlsplit(str(to.route.get(SESSION, ""))), urlsplit(self.settings.session_url)
        same = (given.scheme, given.netloc) == (ours.scheme, ours.netloc)
        return same and float(to.route.get(SESSION_ENDS, 0)) > time.time() + _MARGIN_SECONDS

    async def _write(self, to: Recipient, part: Part) -> str:
        """Send a message that answers none ("批量发送人与机器人会话中机器人消息")."""
        key, content = template_message(part)
        asked = {
            "robotCode": self._robot,
            "userIds": [to.customer],
            "msgKey": key,
            "msgParam": json.dumps(content, ensure_ascii=False),
        }
        reply = await self._call("robot/oToMessages/batchSend", asked)
        if reply.get("invalidStaffIdList"):
            raise NotSent(f"DingTalk does not know {to.customer}.", hopeless=True)
        if reply.get("flowControlledStaffIdList"):
            raise NotSent("DingTalk has too many messages for them.", retry_after=PAUSE_SECONDS)
        return str(reply.get("processQueryKey", ""))

    async def _call(self, method: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method, once more with another token where the first is refused."""
        url = f"{self.settings.api_url}/v1.0/{method}"
        for last in (False, True):
            token = await self._tokens.get()
            headers = {"x-acs-dingtalk-access-token": token}
            reply = await self.http.request("POST", url, content, headers=headers)
            if _code(reply) == _BAD_TOKEN and not last:
                self._tokens.refuse(token)
                continue
            break
        return _result(reply)

    async def _fetch_token(self, _refused: str) -> AccessToken:
        """Get the app's token ("获取企业内部应用的accessToken")."""
        secret = self.settings.client_secret.get_secret_value()
        content = {"appKey": self.settings.client_id, "appSecret": secret}
        url = f"{self.settings.api_url}/v1.0/oauth2/accessToken"
        given = _result(await self.http.request("POST", url, content))
        return AccessToken(str(given["accessToken"]), float(given["expireIn"]))


class DingTalkInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.dingtalk.DingTalkInput` in `credentials.yml`."""

    Provider = DingTalk


def _code(reply: Reply) -> Any:
    return reply.content.get("code") if isinstance(reply.content, dict) else None


def _result(reply: Reply) -> dict[str, Any]:
    """Return what a call of the newer API gave."""
    code = _code(reply)
    if reply.status == 200 and isinstance(reply.content, dict) and code is None:
        return reply.content
    words = f"DingTalk answered {code or reply.status}: {_words(reply)}"
    if str(code).startswith(_THROTTLED):
        raise NotSent(words, retry_after=PAUSE_SECONDS, everyone=True)
    if reply.status == 200:
        raise MaybeSent(words)
    if isinstance(code, str) and 400 <= reply.status < 429:
        mendable = reply.status in {401, 403} or code in _MENDABLE
        raise NotSent(words, hopeless=not mendable)
    reply.require_success(DingTalk.title)
    raise MaybeSent(words)


def _session_error(reply: Reply) -> int | None:
    code = reply.content.get("errcode") if isinstance(reply.content, dict) else None
    return code if isinstance(code, int) else None


def _require_session_success(reply: Reply) -> None:
    reply.require_success(DingTalk.title)
    code = _session_error(reply)
    if code == 0:
        return
    words = f"DingTalk answered {code}: {_words(reply)}"
    if code is None:
        raise MaybeSent(words)
    if code == _TOO_FAST:
        raise NotSent(words, retry_after=PAUSE_SECONDS)
    raise NotSent(words, hopeless=code != _BUSY)


def _words(reply: Reply) -> str:
    content = reply.content if isinstance(reply.content, dict) else {}
    return str(content.get("errmsg") or content.get("message") or reply.text)
