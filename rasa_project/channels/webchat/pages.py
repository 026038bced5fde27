"""The files that the channel serves: the widget for any page, and the demo shop."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project import static_files

WEB = Path(__file__).parents[2] / "web"

# The shop page carries no inline script or style, and neither does the widget in it.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: https:",  # bots send pictures from elsewhere
        "media-src 'self'",  # voice notes
        "connect-src 'self' {websocket}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
# A fix to the widget reaches every shop within minutes; until then its visitors load nothing.
_WIDGET_CACHE = "public, max-age=300"
_PAGE_CACHE = "no-cache"
# The script tag, the same as a module, and the chat that either fetches when it is opened.
WIDGET_FILES = ("attune.js", "attune.mjs", "attune-chat.js")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
}


def add_pages(blueprint: Blueprint, *, demo_page: bool) -> None:
    """Adds the channel's pages.

    Args:
        blueprint: Where to add them; its prefix is the channel's address.
        demo_page: Whether to serve the demo shop too.
    """

    @blueprint.get("/")
    async def health(_: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    for name in WIDGET_FILES:
        blueprint.add_route(_widget_file(name), f"/{name}", methods=["GET"])

    if demo_page:
        _add_shop(blueprint)


def _widget_file(name: str) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
    async def widget(request: Request) -> HTTPResponse:
        answer = _file(request, WEB / "static" / name, _WIDGET_CACHE)
        # Browsers fetch modules of another origin only where that allows it; the files are public.
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    widget.__name__ = name.replace(".", "_").replace("-", "_")  # Sanic names routes by it
    return widget


def _add_shop(blueprint: Blueprint) -> None:
    assets = {path.name for path in (WEB / "shop").iterdir() if path.suffix in _TYPES}

    @blueprint.get("/shop")
    async def shop(request: Request) -> HTTPResponse:
        language = "zh" if request.args.get("lang", "en").lower().startswith("zh") else "en"
        page = _file(request, WEB / "shop" / f"{language}.html", _PAGE_CACHE)
        scheme = "wss" if request.scheme == "https" else "ws"
        page.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(
            websocket=f"{scheme}://{request.host}"  # older Safari does not count it as 'self'
        )
        page.headers["Referrer-Policy"] = "same-origin"
        return page

    @blueprint.get("/shop/<name:str>")
    async def asset(request: Request, name: str) -> HTTPResponse:
        if name not in assets:
            return response.text("There is no such file in the demo shop.", status=404)
        return _file(request, WEB / "shop" / name, _PAGE_CACHE)


def _file(request: Request, path: Path, cache: str) -> HTTPResponse:
    headers = {
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    content_type = f"{_TYPES.get(path.suffix, 'text/html')}; charset=utf-8"
    return static_files.answer(request, path.read_bytes(), content_type, headers)
