"""Routes for files: what came with a message, and what an agent adds to an answer."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import StrictStr
from sanic.response import HTTPResponse

from rasa_project.desk.errors import RequestError
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.http.workshop import Workshop
from rasa_project.desk.outbound.channel_files import ChannelFiles
from rasa_project.desk.tickets import files, work
from rasa_project.webhooks.body import parts

_BINARY: Final = "application/octet-stream"
_FILE_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_SILENT_SECONDS: Final = 30.0  # of a line that carries nothing
_CHUNK_BYTES: Final = 256 * 1024
# What the channel says of a file that a browser has to know.
_PASSED_ON: Final = (
    "Content-Type", "Content-Length", "Content-Disposition", "Accept-Ranges", "Content-Range",
)  # fmt: skip
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


class FileName(Body):
    """What a file is called; the page makes the id, so that sending it again never doubles it."""

    id: StrictStr
    name: StrictStr


class FilesApi(Area):
    """The routes."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._files = ChannelFiles(workshop.rasa)

    def routes(self) -> list[Route]:
        """Return the routes."""
        of_ticket = "/tickets/<ticket_id:int>/files"
        return [
            Route("GET", of_ticket, self._files_taken, "Say what files the channel takes."),
            Route(
                "POST", of_ticket, self._add_file, "Add a file to the answer that is written.",
                query=FileName, stream=True,
            ),
            Route(
                "GET", "/messages/<message_id:int>/files/<number:int>", self._file,
                "Fetch a file of a message.", media=_BINARY, audit="opened_file",
            ),
        ]  # fmt: skip

    async def _files_taken(self, _call: Call, ticket_id: int) -> dict[str, Any]:
        channel = await self._workshop.read(files.channel_of, ticket_id)
        return await self._files.taken(channel)

    async def _add_file(self, call: Call, ticket_id: int) -> dict[str, Any]:
        if not _FILE_ID.fullmatch(call.query.id):
            raise RequestError(400, "file_id", "`id` must be 8 to 64 letters, digits and hyphens.")
        conversation = await self._workshop.read(work.conversation_to_answer, ticket_id, call.who)
        brought = await self._files.bring(
            conversation, call.query.id, call.query.name, parts(call.request, _SILENT_SECONDS)
        )
        return {"file": await self._workshop.write(files.keep, ticket_id, brought)}

    async def _file(self, call: Call, message_id: int, number: int) -> HTTPResponse | None:
        whose, channel, file_id = await self._workshop.read(files.stored, message_id, number)
        stretch = call.request.headers.get("range")
        async with self._files.fetch(whose, channel, file_id, stretch) as found:
            headers = {name: found.headers[name] for name in _PASSED_ON if name in found.headers}
            answer = await call.request.respond(
                status=found.status,
                headers={**_HEADERS, **headers},
                content_type=found.content_type or _BINARY,
            )
            async for part in found.content.iter_chunked(_CHUNK_BYTES):
                await answer.send(part)
            await answer.eof()
        return None
