"""Fetching one file over HTTP, going on where an earlier attempt was cut off."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

import aiohttp
from tqdm import tqdm

from emotion_component import digest
from emotion_component.errors import FetchError

ATTEMPTS: Final = 4
# Seconds before the second attempt; doubled before each further one.
PAUSE: Final = 1.0
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=60)
_BLOCK: Final = 1 << 16
# Worth another attempt: the server is busy, or something between here and there is.
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class _CutOffError(Exception):
    """An attempt failed in a way that another may not."""


def download(url: str, path: Path, sha256: str | None = None, pause: float = PAUSE) -> None:
    """Fetch a file; a progress bar goes to standard error.

    What arrives is kept in `PATH.part` until it is whole, so that a later call, after a cut or
    a kill, asks only for the rest. It does so only if the server says that the file is still the
    same (`If-Range`, RFC 9110); else it starts anew.

    Args:
        url: http or https; proxies are taken from the environment.
        path: File to write; its folder is there. Written whole or not at all.
        sha256: What the content must hash to, in hexadecimal; `None` where it is not known.
        pause: Seconds before the second attempt.

    Raises:
        FetchError: If the server cannot be reached, refuses, or sends something else.
    """
    part = path.with_name(path.name + ".part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            asyncio.run(_attempt(url, part))
            break
        except (_CutOffError, aiohttp.ClientError, asyncio.TimeoutError) as error:
            if attempt == ATTEMPTS:
                raise FetchError(
                    f"{url} cannot be fetched: {str(error) or type(error).__name__}. "
                    "What has arrived is kept: the same command goes on from there."
                ) from error
            time.sleep(pause * 2 ** (attempt - 1))
    found = digest.sha256(part)
    if sha256 and found != sha256:
        part.unlink()
        raise FetchError(f"{url} is not what it was: SHA-256 {found} instead of {sha256}.")
    part.replace(path)
    _mark(part).unlink(missing_ok=True)


def _mark(part: Path) -> Path:
    """Name the file that says which version of the file a part belongs to."""
    return part.with_name(part.name + "-of")


async def _attempt(url: str, part: Path) -> None:
    """Fetch what is missing of the part."""
    mark = _mark(part)
    have = part.stat().st_size if part.is_file() and mark.is_file() else 0
    headers = {"Accept-Encoding": "identity"}  # a range of a compressed stream is of no use
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark.read_text()}
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True) as session,
        session.get(url, headers=headers) as response,
    ):
        _check(url, response)
        goes_on = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if response.status == 416 or (response.status == 206 and not (have and goes_on)):
            part.unlink(missing_ok=True)  # the part is no beginning of what is there now
            raise _CutOffError("the server offers another part than the one asked for")
        if response.status == 200:
            have = 0
            _remember(mark, response)
        await _receive(response, part, have)


def _check(url: str, response: aiohttp.ClientResponse) -> None:
    if response.status in _PASSING:
        raise _CutOffError(f"the server answers {response.status} {response.reason}")
    if response.status not in (200, 206, 416):
        raise FetchError(f"{url} cannot be fetched: {response.status} {response.reason}.")


def _remember(mark: Path, response: aiohttp.ClientResponse) -> None:
    """Note which version arrives, where the server names it in a way that `If-Range` takes."""
    tag = response.headers.get("ETag", "")
    version = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
    if version:
        mark.write_text(version)
    else:
        mark.unlink(missing_ok=True)


async def _receive(response: aiohttp.ClientResponse, part: Path, have: int) -> None:
    """Write what arrives to the end of the part."""
    coming = response.content_length
    total = None if coming is None else have + coming
    name = part.name.removesuffix(".part")
    with (
        part.open("ab" if have else "wb") as out,
        tqdm(total=total, initial=have, desc=name, unit="B", unit_scale=True) as bar,
    ):
        async for block in response.content.iter_chunked(_BLOCK):
            out.write(block)
            bar.update(len(block))
    if total is not None and part.stat().st_size != total:
        raise _CutOffError(f"{part.stat().st_size} of {total} bytes arrived")
