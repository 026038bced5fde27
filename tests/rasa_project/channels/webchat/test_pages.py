"""The channel's pages, over HTTP from a running server."""

from __future__ import annotations

import re

import aiohttp
import pytest
from rasa.core.agent import Agent

from rasa_project.channels.webchat.pages import WEB, WIDGET_FILES
from tests.rasa_project.channels.webchat.serving import Server, serve

pytestmark = pytest.mark.services


async def get(server: Server, path: str, **headers: str) -> aiohttp.ClientResponse:
    async with aiohttp.ClientSession() as http:
        answer = await http.get(f"{server.url}/webhooks/webchat/{path}", headers=headers)
        await answer.read()
        return answer


@pytest.mark.parametrize("name", WIDGET_FILES)
async def test_the_widget_is_served_for_any_page_and_once_to_each_browser(
    server: Server, name: str
) -> None:
    answer = await get(server, name)
    assert await answer.read() == (WEB / "static" / name).read_bytes()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = await get(server, name, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize("path", [*WIDGET_FILES, "shop", "shop/shop.css", "shop/scene.svg"])
async def test_a_file_is_sent_compressed_to_whoever_takes_that(server: Server, path: str) -> None:
    plain = await get(server, path, **{"Accept-Encoding": "identity"})
    packed = await get(server, path, **{"Accept-Encoding": "br, gzip;q=0.5"})
    body = await plain.read()
    assert await packed.read() == body  # this client unpacks it
    assert int(packed.headers["Content-Length"]) < len(body) == int(plain.headers["Content-Length"])
    encodings = [answer.headers.get("Content-Encoding") for answer in (plain, packed)]
    assert encodings == [None, "gzip"]
    assert [answer.headers["Vary"] for answer in (plain, packed)] == ["Accept-Encoding"] * 2
    assert plain.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "language"),
    [("", "en"), ("?lang=en", "en"), ("?lang=zh", "zh-CN"), ("?lang=fr", "en")],
)
async def test_the_shop_is_there_in_both_languages(
    server: Server, query: str, language: str
) -> None:
    text = await (await get(server, f"shop{query}")).text()
    assert re.search(r'<html lang="([^"]+)"', text).group(1) == language  # type: ignore[union-attr]  # None fails the test as well


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_shop_needs_no_inline_script_or_style(server: Server, language: str) -> None:
    answer = await get(server, f"shop?lang={language}")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = await answer.text()
    assert re.findall(r"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)", text) == []
    for reference in re.findall(r'(?:src|href)="(shop/[^"]+|attune\.js)"', text):
        assert (await get(server, reference)).status == 200, reference


@pytest.mark.parametrize("path", ["shop/en.html", "shop/..%2fpackage.json", "shop/nothing.css"])
async def test_nothing_but_the_shops_own_files_is_served(server: Server, path: str) -> None:
    assert (await get(server, path)).status == 404


async def test_without_demo_page_there_is_no_shop(agent: Agent) -> None:
    async with serve(agent, options={"demo_page": False}) as server:
        assert (await get(server, "shop")).status == 404
        assert await (await get(server, "")).json() == {"status": "ok"}
