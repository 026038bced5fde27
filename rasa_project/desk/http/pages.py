"""Serves the desk's page, the files that Vite builds into `rasa_project/web/static/desk/`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project import static_files
from rasa_project.errors import StartError

BUILT = Path(__file__).parents[2] / "web" / "static" / "desk"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".md": "text/markdown; charset=utf-8",
}


def blueprint(folder: Path = BUILT) -> Blueprint:
    """Make a route for each built file, read once; the page itself stands at /.

    Raises:
        StartError: The page was not built.
    """
    if not (folder / "index.html").is_file():
        raise StartError(f"The desk's page is not in {folder}. Build it with `make web`.")
    pages = Blueprint("pages")
    for index, path in enumerate(sorted(folder.rglob("*"))):
        if path.suffix in _TYPES and path.is_file():
            address = "/" + path.relative_to(folder).as_posix().replace("index.html", "")
            handler = _serve(path.read_bytes(), _TYPES[path.suffix])
            pages.add_route(handler, address, methods=["GET"], name=f"file_{index}")
    return pages


def _serve(content: bytes, kind: str) -> Callable[[Request], Coroutine[None, None, HTTPResponse]]:
    # File names carry no hashes, so a browser asks each time and mostly hears "unchanged".
    headers = {"Cache-Control": "no-cache"}

    async def serve(request: Request) -> HTTPResponse:
        return static_files.answer(request, content, kind, headers)

    return serve
