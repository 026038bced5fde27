"""Files given out by a running Sanic server, as bytes on the wire."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDictProxy
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project import static_files
from tests.ports import free_ports

FILES = {"words": b"the same words again and again, " * 99, "noise": os.urandom(999), "none": b""}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    Sanic.test_mode = True  # one after the other under the same name
    app = Sanic("files")

    @app.get("/<name:str>")
    async def file(request: Request, name: str) -> HTTPResponse:
        headers = {"Cache-Control": "no-cache"}
        return static_files.answer(request, FILES[name], "text/plain; charset=utf-8", headers)

    port = free_ports(1)[0]
    server: Any = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
    await server.startup()
    yield f"http://127.0.0.1:{port}"
    server.close()
    await server.wait_closed()


async def get(
    url: str, name: str, *headers: tuple[str, str]
) -> tuple[int, CIMultiDictProxy[str], bytes]:
    """Get a file as it is sent, with the headers that say how."""
    async with (
        aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as http,
        http.get(f"{url}/{name}", headers=headers) as answer,
    ):
        return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        (["gzip"], True),
        (["deflate, GZIP;Q=1.0, br"], True),
        (["br", "gzip"], True),
        (["x-gzip"], True),
        (["*"], True),
        (["gzip;q=0.1"], True),
        (["identity;q=0.5, gzip"], True),
        ([], False),
        ([""], False),
        (["br, deflate"], False),
        (["gzip;q=0"], False),
        (["gzip; q=0.000, *"], False),
        (["*;q=0"], False),
        (["identity, gzip;q=0.5"], False),
        (["gzip;q=much"], False),
        (["gzip;q=nan"], False),
        (["gzipped"], False),
    ],
)
async def test_a_file_is_compressed_for_whoever_says_so(
    url: str, accepted: list[str], packed: bool
) -> None:
    status, headers, body = await get(url, "words", *[("Accept-Encoding", one) for one in accepted])
    assert (status, headers.get("Content-Encoding")) == (200, "gzip" if packed else None)
    assert (gzip.decompress(body) if packed else body) == FILES["words"]
    assert int(headers["Content-Length"]) == len(body)
    assert (headers["Vary"], headers["Content-Type"], headers["Cache-Control"]) == (
        "Accept-Encoding", "text/plain; charset=utf-8", "no-cache",
    )  # fmt: skip


PACKING = ("Accept-Encoding", "gzip")


async def test_each_encoding_has_a_tag_of_its_own_and_is_not_sent_twice(url: str) -> None:
    tags = [(await get(url, "words", *asked))[1]["ETag"] for asked in ([], [PACKING])]
    assert tags[0] != tags[1]
    for tag, other, asked in ((tags[0], tags[1], []), (tags[1], tags[0], [PACKING])):
        for held in (tag, f"W/{tag}", f'"older", {tag}', "*"):
            status, headers, body = await get(url, "words", *asked, ("If-None-Match", held))
            assert (status, body, headers["ETag"]) == (304, b"", tag), held
            assert (headers["Vary"], headers["Cache-Control"]) == ("Accept-Encoding", "no-cache")
            assert "Content-Encoding" not in headers
        for held in (other, tag.strip('"'), '"older"', ""):
            assert (await get(url, "words", *asked, ("If-None-Match", held)))[0] == 200, held


@pytest.mark.parametrize("name", ["noise", "none"])
async def test_what_gets_no_smaller_is_sent_as_it_is(url: str, name: str) -> None:
    status, headers, body = await get(url, name, PACKING)
    assert (status, body, headers.get("Content-Encoding")) == (200, FILES[name], None)


async def test_every_worker_sends_the_same_bytes_under_a_tag(url: str) -> None:
    first = await get(url, "words", PACKING)
    static_files._gzipped.cache_clear()  # as another process begins
    assert await get(url, "words", PACKING) == first
