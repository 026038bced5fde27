"""The addresses at which files come and go.

    POST /files?id=…&name=…            a customer's, with the session's token
    GET  /files/<id>/<name>?e&k&s      for whoever has a signed address
    POST /desk/files?conversation=…    an agent's, with the desk's token
    GET  /desk/files/<id>?conversation=…

Bodies are the bytes of one file. A customer's browser may cancel at any time: what is not whole
counts for nothing.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json, text

from rasa_project.channels.desk_door import DeskDoor, is_conversation
from rasa_project.channels.files.giving import give
from rasa_project.channels.files.links import Links
from rasa_project.channels.webchat.incoming import MAX_ID_CHARACTERS
from rasa_project.channels.webchat.origins import OriginPolicy
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.store import Database, files, sessions
from rasa_project.channels.webchat.tokens import Session, SessionTokens
from rasa_project.channels.webchat.uploads import Uploads
from rasa_project.channels.webchat.visitors import Visitors, client_address
from rasa_project.webhooks.body import parts

logger = logging.getLogger(__name__)

_STATUS: Final = {
    "session": 401, "expired": 401, "over": 401, "too_fast": 429, "file_quota": 429,
    "file_too_large": 413, "file_type": 415, "file_unscanned": 503, "unavailable": 503,
    "no_files": 404, "file_gone": 404,
}  # fmt: skip
_REFUSED: Final = 422
_CORS: Final = "access-control-allow-"
_SILENT_SECONDS: Final = 30.0  # of a line that carries nothing
# Most services fetch a file at once; where customers are sent the address, they come later.
_PUBLIC_SECONDS: Final = 30 * 86_400.0
_EXPIRED: Final = {
    "en": "This link has expired. Open the chat again, and the file can be opened from there.",
    "zh": "此链接已过期。请重新打开聊天窗口，从那里打开文件。",
}


class FileRoutes:
    """Takes files and gives them out.

    Args:
        uploads: Takes them.
        store: Where their rows are.
        tokens: Opens session tokens.
        visitors: Counts what sessions and addresses send.
        origins: Whose pages may send.
        links: Makes and checks addresses.
        door: Lets the desk in.
        proxies: How many proxies before this server are ours.
    """

    def __init__(
        self,
        uploads: Uploads,
        store: Database,
        tokens: SessionTokens,
        visitors: Visitors,
        origins: OriginPolicy,
        links: Links,
        door: DeskDoor,
        proxies: int,
    ) -> None:
        self._uploads = uploads
        self._store = store
        self._tokens = tokens
        self._visitors = visitors
        self._origins = origins
        self._links = links
        self._door = door
        self._proxies = proxies

    def add(self, blueprint: Blueprint) -> None:
        """Add the routes; bodies come as streams, for a limit of their own."""
        routes: list[tuple[str, str, Callable[..., Awaitable[Any]]]] = [
            ("POST", "/files", self._upload),
            ("OPTIONS", "/files", self._preflight),
            ("GET", "/files/<file_id:str>/<name:str>", self._download),
            ("GET", "/desk/files", self._desk_ask),
            ("POST", "/desk/files", self._desk_upload),
            ("GET", "/desk/files/<file_id:str>", self._desk_download),
        ]
        for method, path, handle in routes:
            stream = method == "POST"
            blueprint.add_route(_function(handle), path, methods=[method], stream=stream)
        blueprint.middleware("response")(self._let_pages_read)

    async def _preflight(self, _request: Request) -> HTTPResponse:
        return HTTPResponse(status=204)

    async def _upload(self, request: Request) -> HTTPResponse:
        if not self._origins.allows(request.headers.get("origin"), _environ(request)):
            return json({"error": "This page may not send files here."}, status=403)
        try:
            session = await self._session(request)
            address = client_address(_environ(request), self._proxies)
            await self._visitors.allow_file(session, address)
            kept = await self._take(request, session.sender, files.CUSTOMER)
        except Rejected as rejected:
            return _refusal(request, rejected)
        src = self._links.make(kept["id"], kept["name"])
        return json({**kept, "src": src})

    async def _desk_ask(self, request: Request) -> HTTPResponse:
        """Say whether agents may send files on a channel, and which."""
        self._door.admit(request)
        name = request.args.get("channel", "")
        channels = getattr(request.app.ctx, "input_channels", None) or []
        found = next((one for one in channels if one.name() == name), None)
        if found is None or not getattr(found, "takes_files", False):
            return json({"takes": False, "why": "channel"})
        # Other services fetch what an address shows them.
        if found.name() != "webchat" and not self._uploads.settings.public_url:
            return json({"takes": False, "why": "public_url"})
        return json({"takes": True, **self._uploads.settings.told()})

    async def _desk_upload(self, request: Request) -> HTTPResponse:
        self._door.admit(request)
        conversation = request.args.get("conversation", "")
        try:
            if not conversation or not is_conversation(conversation):
                raise Rejected(None, "wrong_type")
            kept = await self._take(request, conversation, files.AGENT)
        except Rejected as rejected:
            return _refusal(request, rejected)
        if public := self._uploads.settings.public_url:
            path = self._links.make(kept["id"], kept["name"], _PUBLIC_SECONDS)
            kept = {**kept, "url": f"{public}{path}"}
        return json(kept)

    async def _take(self, request: Request, sender: str, owner: str) -> dict[str, Any]:
        client, name = request.args.get("id", ""), request.args.get("name", "")
        if not 0 < len(client) <= MAX_ID_CHARACTERS or "\0" in client + name:
            raise Rejected(None, "wrong_type")
        length = request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._uploads.settings.max_bytes:
            raise self._uploads.too_large()
        try:
            return await self._uploads.take(
                parts(request, _SILENT_SECONDS), sender, owner, client, name
            )
        except (OSError, asyncio.TimeoutError):
            logger.exception("A file could not be kept.")
            raise Rejected(None, "unavailable") from None

    async def _session(self, request: Request) -> Session:
        shown = request.headers.get("authorization", "")
        session = self._tokens.open(shown.removeprefix("Bearer "))
        if await self._store.read(sessions.is_over, session):
            raise Rejected(None, "over")
        return session

    async def _download(self, request: Request, file_id: str, name: str) -> Any:
        query = {key: values[0] for key, values in request.args.items()}
        opens = self._links.opens(file_id, query)
        if opens is None:
            return text(f"{_EXPIRED['en']}\n{_EXPIRED['zh']}", status=410)
        if not opens:
            return text("This address opens nothing.", status=403)
        return await self._give(request, await self._store.read(files.find, file_id))

    async def _desk_download(self, request: Request, file_id: str) -> Any:
        self._door.admit(request)
        conversation = request.args.get("conversation", "")
        row = await self._store.read(files.find, file_id, conversation)
        return await self._give(request, row)

    async def _give(self, request: Request, row: Any) -> Any:
        place = None if row is None else self._uploads.vault.place(row.id)
        if row is None or place is None or not place.is_file():
            return text("This file is not there any more.", status=404)
        answer = await give(request, place, row)
        answer.headers["Cross-Origin-Resource-Policy"] = (
            "cross-origin"  # the chat is in shops' pages
        )
        return answer

    async def _let_pages_read(self, request: Request, response: BaseHTTPResponse) -> None:
        """Tell browsers whose pages may send files and read the answer.

        After Rasa's own middleware, which answers all that browsers ask beforehand, and knows of
        none but the origins of `rasa run --cors`.
        """
        origin = request.headers.get("origin")
        if origin is None or response is None or not request.path.endswith("/files"):
            return
        for name in [name for name in response.headers if name.lower().startswith(_CORS)]:
            del response.headers[name]
        response.headers["Vary"] = "Origin"
        if self._origins.allows(origin, _environ(request)):
            response.headers[f"{_CORS}origin"] = origin
            response.headers[f"{_CORS}methods"] = "POST"
            response.headers[f"{_CORS}headers"] = "authorization, content-type"
            response.headers["access-control-max-age"] = "600"


def _environ(request: Request) -> dict[str, Any]:
    return {
        "HTTP_HOST": request.headers.get("host", ""),
        "HTTP_X_FORWARDED_HOST": request.headers.get("x-forwarded-host", ""),
        "HTTP_X_FORWARDED_FOR": ",".join(request.headers.getall("x-forwarded-for", [])),
        "wsgi.url_scheme": request.headers.get("x-forwarded-proto", request.scheme),
        "sanic.request": request,
    }


def _refusal(request: Request, rejected: Rejected) -> HTTPResponse:
    language = "zh" if request.args.get("language", "").startswith("zh") else "en"
    told = rejected.told(language)
    headers = {}
    if "retry_after" in told:
        headers["Retry-After"] = str(math.ceil(told["retry_after"]))
    status = _STATUS.get(rejected.reason, _REFUSED)
    return json({"error": told["text"], **told}, status=status, headers=headers)


def _function(
    handle: Callable[..., Awaitable[Any]],
) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Make a function of a method, because Sanic writes its marks on it."""

    async def serve(request: Request, **values: Any) -> Any:
        return await handle(request, **values)

    serve.__name__ = handle.__name__.strip("_")
    return serve
