"""Gives out files that are the same for everybody, compressed to whoever takes that.

What holds a secret is never compressed: how small it gets would tell of it (BREACH).
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import math

from sanic.request import Request
from sanic.response import HTTPResponse

_LEVEL = 9  # it is done once for each content
_MOST_KEPT = 64


def answer(
    request: Request, body: bytes, content_type: str, headers: dict[str, str]
) -> HTTPResponse:
    """Answer with a file, or with 304 where the browser has it in the same encoding.

    Args:
        request: What was asked; its `Accept-Encoding` and `If-None-Match` count.
        body: The file's content.
        content_type: With its charset.
        headers: What else to say of it, such as how long it may be kept.
    """
    small = _gzipped(body)
    packed = small is not None and _takes_gzip(_all(request, "accept-encoding"))
    tag = f'"{_digest(body)}{"-gzip" if packed else ""}"'
    headers = {**headers, "ETag": tag, "Vary": "Accept-Encoding"}
    if _has(_all(request, "if-none-match"), tag):
        return HTTPResponse(status=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    sent = small if packed else body
    return HTTPResponse(sent, headers=headers, content_type=content_type)


@functools.lru_cache(_MOST_KEPT)
def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


@functools.lru_cache(_MOST_KEPT)
def _gzipped(body: bytes) -> bytes | None:
    """Compress a file, or give None where that makes it no smaller."""
    packed = gzip.compress(body, _LEVEL, mtime=0)  # the same bytes from every worker
    return packed if len(packed) < len(body) else None


def _all(request: Request, name: str) -> list[str]:
    """The elements of a list that may stand in several headers."""
    lines = request.headers.getall(name, [])
    return [part.strip() for line in lines for part in line.split(",") if part.strip()]


def _takes_gzip(codings: list[str]) -> bool:
    """Whether gzip is named, or `*` stands for it, and no less wanted than the plain file."""
    wanted = dict(_quality(coding) for coding in codings)
    anything = wanted.get("*", 0.0)
    packed = wanted.get("gzip", anything)
    return packed > 0 and packed >= wanted.get("identity", 0.0)


def _quality(coding: str) -> tuple[str, float]:
    """Read `gzip;q=0.5` (RFC 9110, section 12.4.2); what makes no sense counts as unwanted."""
    name, *parameters = coding.lower().split(";")
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            quality = _number(value)
    return name.strip().removeprefix("x-"), quality  # `x-gzip` is gzip's old name


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def _has(tags: list[str], tag: str) -> bool:
    """Whether a browser holds this very content; proxies make tags weak (RFC 9110, 13.1.2)."""
    return any(one == "*" or one.removeprefix("W/") == tag for one in tags)
