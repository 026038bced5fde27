"""Keeps strangers out: headers on every answer, no forged requests, sentences for every error."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json

from rasa_project.desk.errors import RequestError
from rasa_project.desk.http.door import bearer

logger = logging.getLogger(__name__)

# A page of another origin cannot send this header without being asked first, which is refused.
CSRF_HEADER = "x-attune-desk"
_SAFE_METHODS = {"GET", "HEAD"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_SENTENCES = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not take such a request.",
    408: "The request took too long to arrive.",
    413: "The request is too large.",
}


def protect(app: Sanic) -> None:
    """Put the guards in front of an application's routes."""
    app.register_middleware(_refuse_forged, "request")
    app.register_middleware(_add_headers, "response")
    app.error_handler.add(Exception, _word)


def is_secure(request: Request) -> bool:
    """Say whether the browser came by https, to us or to a proxy before us."""
    return bool(request.headers.get("x-forwarded-proto", request.scheme) == "https")


async def _refuse_forged(request: Request) -> None:
    """Let a change through only if a page of this very desk asks for it, or a program."""
    if request.method in _SAFE_METHODS or not request.path.startswith("/api/"):
        return
    if bearer(request) is not None:
        return  # a page of another origin cannot send a token, and the cookie is not looked at then
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or CSRF_HEADER not in request.headers:
        raise RequestError(403, "forged", "The request does not come from the desk's own page.")


async def _add_headers(request: Request, response: BaseHTTPResponse) -> None:
    if response is None:  # a WebSocket, already answered
        return
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")


def _word(request: Request, error: Exception) -> HTTPResponse:
    """Answer an error by a sentence; what only we can understand goes to the log."""
    if isinstance(error, RequestError):
        return json(error.as_json(), status=error.status, headers=error.headers)
    status = error.status_code if isinstance(error, SanicException) else 500
    if status < 500:
        sentence = _SENTENCES.get(status, "The request cannot be carried out.")
        return json({"error": sentence, "code": f"http_{status}"}, status=status)
    transport: Any = request.transport  # asyncio's, though Sanic calls it a protocol
    if transport is None or transport.is_closing():
        logger.debug("%s %s: the browser has gone.", request.method, request.path)
    else:
        logger.error("%s %s failed.", request.method, request.path, exc_info=error)
    sentence = "Something went wrong at the desk; its log says what. Please try again."
    return json({"error": sentence, "code": "fault"}, status=500)
