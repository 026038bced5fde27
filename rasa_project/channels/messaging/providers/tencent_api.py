"""Calls of WeChat's and WeCom's APIs: a token in the address, `errcode` in the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply, as_reply
from rasa_project.channels.messaging.providers.access_tokens import AccessToken, AccessTokens

PAUSE_SECONDS: Final = 10.0  # they name none; their limits are those of a minute
QUOTA_SECONDS: Final = 60.0
_WORDS: Final = frozenset({"application/json", "text/plain"})
_FILM_HOSTS: Final = (".qq.com",)


@dataclass(frozen=True)
class Codes:
    """Which `errcode` means what; with any other one a call is refused for good.

    Attributes:
        tokens: The access token is not good.
        throttled: Too many calls of the whole app.
        quota: Too many messages to this customer.
        later: It passes, or an operator can mend it.
    """

    tokens: frozenset[int]
    throttled: frozenset[int]
    quota: frozenset[int]
    later: frozenset[int]


class Elsewhere(Exception):
    """A file has another address.

    Attributes:
        url: It.
    """

    def __init__(self, url: str) -> None:
        super().__init__("The file is elsewhere.")
        self.url = url


class TokenRefused(NotSent):
    """The access token is not good any more; another one may be."""


def result(reply: Reply, title: str, codes: Codes) -> dict[str, Any]:
    """Return what a call gave.

    Raises:
        TokenRefused: The access token is not good.
        NotSent: The service refused the call.
        MaybeSent: It failed midway.
    """
    reply.require_success(title)
    content: dict[str, Any] = reply.content if isinstance(reply.content, dict) else {}
    code = content.get("errcode", 0 if content else None)
    if code == 0:
        return content
    words = f"{title} answered {code}: {content.get('errmsg') or reply.text}"
    if not isinstance(code, int):
        raise MaybeSent(words)
    if code in codes.tokens:
        raise TokenRefused(words)
    if code in codes.throttled:
        raise NotSent(words, retry_after=PAUSE_SECONDS, everyone=True)
    if code in codes.quota:
        raise NotSent(words, retry_after=QUOTA_SECONDS)
    raise NotSent(words, hopeless=code not in codes.later)


class Api:
    """Calls methods with the current access token.

    Args:
        http: Sends requests.
        title: The service's name in sentences.
        url: Of the API.
        codes: What its failures mean.
        fetch: Gets an access token; it is told which one was refused, or "".
    """

    def __init__(
        self,
        http: Http,
        title: str,
        url: str,
        codes: Codes,
        fetch: Callable[[str], Awaitable[AccessToken]],
    ) -> None:
        self._http = http
        self._title = title
        self._url = url
        self._codes = codes
        self.tokens = AccessTokens(fetch)

    async def call(
        self, method: str, content: Mapping[str, Any], seconds: float = 30.0
    ) -> dict[str, Any]:
        """Call a method, once more with another token where the first is refused.

        Raises:
            NotSent: The service refused the call.
            MaybeSent: It failed midway.
        """
        token = await self.tokens.get()
        try:
            return await self._call(method, content, token, seconds)
        except TokenRefused:
            self.tokens.refuse(token)
        return await self._call(method, content, await self.tokens.get(), seconds)

    async def download(self, media_id: str) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of a customer's file ("media/get", 获取临时素材).

        Raises:
            NotSent: The service does not give it.
            MaybeSent: It failed midway.
        """
        url = f"{self._url}/cgi-bin/media/get"
        for last in (False, True):
            token = await self.tokens.get()
            query = {"access_token": token, "media_id": media_id}
            try:
                async for chunk in self._http.files.read(
                    url, self._url, query=query, look=self._look
                ):
                    yield chunk
                return
            except Elsewhere as found:
                url = found.url
                break
            except TokenRefused:
                if last:
                    raise
                self.tokens.refuse(token)
        async for chunk in self._http.files.read(url, self._url, _FILM_HOSTS):
            yield chunk

    async def _look(self, answer: aiohttp.ClientResponse) -> None:
        """Read what is no file: an error, or the address of a film."""
        if answer.content_type not in _WORDS or "Content-Disposition" in answer.headers:
            return
        reply = await as_reply(answer)
        if isinstance(reply.content, dict) and (url := reply.content.get("video_url")):
            raise Elsewhere(str(url).replace("http://", "https://", 1))
        if isinstance(reply.content, dict) and "errcode" in reply.content:
            result(reply, self._title, self._codes)
        raise MaybeSent(f"{self._title} gave no file: {reply.text}")

    async def _call(
        self, method: str, content: Mapping[str, Any], token: str, seconds: float
    ) -> dict[str, Any]:
        url, query = f"{self._url}/cgi-bin/{method}", {"access_token": token}
        reply = await self._http.request("POST", url, content, query=query, seconds=seconds)
        return result(reply, self._title, self._codes)


def text(customer: str, content: str) -> dict[str, Any]:
    """Return a text message."""
    return {"touser": customer, "msgtype": "text", "text": {"content": content}}


def picture(customer: str, url: str) -> dict[str, Any]:
    """Return an article that shows a picture by its address; pictures themselves are uploads."""
    name = url.rstrip("/").rsplit("/", 1)[-1]
    article = {"title": name, "description": "", "url": url, "picurl": url}
    return {"touser": customer, "msgtype": "news", "news": {"articles": [article]}}


def custom(customer: str, content: Mapping[str, Any], title: str) -> dict[str, Any]:
    """Return what a bot's author wrote for the service.

    Raises:
        NotSent: It is no message.
    """
    if not isinstance(content.get("msgtype"), str):
        raise NotSent(f"A message for {title} needs its `msgtype`.", hopeless=True)
    return {**content, "touser": customer}
