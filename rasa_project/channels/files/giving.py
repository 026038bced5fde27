"""How files are given out: whatever one holds, a browser runs nothing of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from sanic.request import Request
from sanic.response import file_stream

from rasa_project.channels.files.formats import SHOWN

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=3600, immutable",
}


_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class _Stretch(NamedTuple):
    """A stretch of a file, as Sanic wants it; `start` and `end` belong to it."""

    start: int
    end: int
    size: int
    total: int


async def give(request: Request, place: Path, row: Any) -> Any:
    """Answer with a file, or with the stretch of it that is asked for.

    Args:
        request: May have a header Range; without an answer to it Safari plays no sound.
        place: The file.
        row: Its `name`, `mime_type` and `size`.
    """
    asked = byte_range(request.headers.get("range", ""), row.size)
    headers = headers_of(row.name, row.mime_type, asked.size if asked else row.size)
    headers["Accept-Ranges"] = "bytes"
    return await file_stream(place, mime_type=row.mime_type, headers=headers, _range=asked)


def byte_range(asked: str, total: int) -> Any:
    """Read the header Range (RFC 9110, section 14); none where the whole file is to be given."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if match[1]:
        start, end = int(match[1]), min(int(match[2] or total - 1), total - 1)
    else:
        start, end = max(0, total - int(match[2])), total - 1
    return _Stretch(start, end, end - start + 1, total) if start <= end else None


def headers_of(name: str, mime_type: str, size: int) -> dict[str, str]:
    """Return the headers of a file's answer.

    Args:
        name: What it is called where it is saved.
        mime_type: Says whether a browser may show it.
        size: Bytes.
    """
    return {
        **_HEADERS,
        "Content-Disposition": disposition(name, mime_type),
        "Content-Length": str(size),
    }


def disposition(name: str, mime_type: str) -> str:
    """Say whether a browser may show a file, and what it is called where it is saved."""
    how = "inline" if mime_type in SHOWN else "attachment"
    plain = name.encode("ascii", "replace").decode().replace("\\", "_").replace('"', "_")
    return f"{how}; filename=\"{plain.replace('?', '_')}\"; filename*=UTF-8''{quote(name, safe='')}"
