"""Downloads go where a service keeps its files, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.media import download
from rasa_project.channels.messaging.media.download import Downloads
from rasa_project.channels.messaging.media.guard import PublicResolver, is_public


class Site:
    """A server on a port of its own.

    Attributes:
        headers: Those of each request.
        onward: Where it sends on to, by path.
    """

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        self.onward: dict[str, str] = {}
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/{name}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
        return runner

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        if place := self.onward.get(request.path):
            return web.Response(status=302, headers={"Location": place})
        return web.Response(body=b"content")


@pytest.fixture
async def sites() -> AsyncIterator[tuple[Site, Site]]:
    pair = (Site(), Site())
    runners = [await one.start() for one in pair]
    yield pair
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def downloads() -> AsyncIterator[Downloads]:
    found = Downloads("Service")
    yield found
    await found.close()


async def read(downloads: Downloads, *where: Any, **how: Any) -> bytes:
    return b"".join([chunk async for chunk in downloads.read(*where, **how)])


async def test_a_service_may_send_on_within_its_own_address(
    downloads: Downloads, sites: tuple[Site, Site]
) -> None:
    own, _ = sites
    own.onward = {"/a": "/b"}
    headers = {"Authorization": "Bearer secret"}
    assert await read(downloads, f"{own.url}/a", own.url, headers=headers) == b"content"
    assert [one.get("Authorization") for one in own.headers] == ["Bearer secret"] * 2


async def test_nobody_is_sent_on_into_a_private_network(
    downloads: Downloads, sites: tuple[Site, Site]
) -> None:
    own, other = sites
    port = other.url.rpartition(":")[2]
    places = [
        f"{other.url}/b", f"https://127.0.0.1:{port}/b", f"https://localhost:{port}/b",
        "https://[::1]/b", "https://10.0.0.1/b", "https://169.254.169.254/b", "ftp://a.example/b",
        "http://public.example/b", "https:///b", "//[broken",
    ]  # fmt: skip
    for place in places:
        own.onward = {"/a": place}
        with pytest.raises(NotSent):
            await read(downloads, f"{own.url}/a", own.url)
    assert other.headers == []


async def test_secrets_are_shown_to_the_service_alone(
    downloads: Downloads, sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = sites
    monkeypatch.setattr(download, "require_public", lambda url, title: None)
    own.onward = {"/a": f"{other.url}/b"}
    headers = {"Authorization": "Bearer secret", "X-Auth-Token": "secret"}
    assert await read(downloads, f"{own.url}/a", own.url, headers=headers) == b"content"
    assert "secret" not in str(other.headers)


async def test_a_circle_ends(downloads: Downloads, sites: tuple[Site, Site]) -> None:
    own, _ = sites
    own.onward = {"/a": "/a"}
    with pytest.raises(NotSent, match="sends us on and on"):
        await read(downloads, f"{own.url}/a", own.url)
    assert len(own.headers) < 10


async def test_a_name_of_a_private_address_is_not_resolved() -> None:
    resolver = PublicResolver()
    try:
        with pytest.raises(OSError, match="private network"):
            await asyncio.wait_for(resolver.resolve("localhost", 443), 30)
    finally:
        await resolver.close()


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("a.example", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("169.254.1.1", False),
        ("0.0.0.0", False), ("::1", False), ("fe80::1", False), ("fd00::1", False),
        ("::ffff:10.0.0.1", False), ("[::1]", False), ("localhost", False), ("a.localhost", False),
        ("224.0.0.1", False), ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_addresses_of_private_networks_are_known(host: str, public: bool) -> None:
    assert is_public(host) is public
