"""Sign-in with an identity provider: a real one over HTTP, and those who try to cheat."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.rasa_project.desk.desk_process import DeskProcess
from tests.rasa_project.desk.http.openid_provider import CLIENT, SECRET, OpenIdProvider
from tests.rasa_project.desk.rasa_like import RasaLike

pytestmark = pytest.mark.services

Start = Callable[..., Awaitable[DeskProcess]]
ANA = {"sub": "ana-1", "email": "ana@example.com", "email_verified": True, "name": "Ana Maria"}


@pytest.fixture
async def provider() -> AsyncIterator[OpenIdProvider]:
    server = OpenIdProvider()
    server.person = dict(ANA)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def start(rasa: RasaLike, tmp_path: Path, provider: OpenIdProvider) -> AsyncIterator[Start]:
    """Starts desks that know the provider, and ends them."""
    desks: list[DeskProcess] = []

    async def start(**environment: str) -> DeskProcess:
        desks.append(DeskProcess(rasa, tmp_path))
        await _start(desks[-1], provider, environment)
        return desks[-1]

    yield start
    for desk in desks:
        await desk.end()


async def _start(desk: DeskProcess, provider: OpenIdProvider, environment: dict[str, str]) -> None:
    desk.environment |= {
        "ATTUNE_OPENID_ISSUER": provider.issuer,
        "ATTUNE_OPENID_CLIENT_ID": CLIENT,
        "ATTUNE_OPENID_CLIENT_SECRET": SECRET,
        "ATTUNE_OPENID_LABEL": "Example",
        "ATTUNE_DESK_PUBLIC_URL": desk.url,
        **environment,
    }
    await desk.start()


class Browser:
    """Follows the provider's and the desk's redirects one by one."""

    def __init__(self, desk: DeskProcess) -> None:
        self.desk = desk
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def go(self, url: str) -> str:
        async with self.http.get(url, allow_redirects=False) as answer:
            return answer.headers.get("Location", "")

    async def callback(self) -> str:
        """Begin, sign in at the provider, and return where it sends the browser."""
        return await self.go(await self.go(f"{self.desk.url}/api/openid/start"))

    async def sign_in(self) -> str:
        return await self.go(await self.callback())

    async def me(self) -> tuple[int, Any]:
        async with self.http.get(f"{self.desk.url}/api/me") as answer:
            return answer.status, (await answer.json()).get("agent")


async def attempt(desk: DeskProcess) -> tuple[str, int]:
    """Sign in with a fresh browser; return where it was sent and whether it is in."""
    browser = Browser(desk)
    where = await browser.sign_in()
    status, _ = await browser.me()
    await browser.http.close()
    return where.removeprefix(desk.url), status


async def test_who_was_added_by_email_comes_in_and_stays_who_they_are(
    start: Start, provider: OpenIdProvider
) -> None:
    desk = await start()
    assert await attempt(desk) == ("/?refused=openid_unknown", 401)
    status, output = await desk.user("add", "ana", "--email", "ana@example.com")
    assert status == 0, output
    provider.person["email_verified"] = False
    assert await attempt(desk) == ("/?refused=openid_unknown", 401)
    provider.person["email_verified"] = True
    browser = Browser(desk)
    assert await browser.sign_in() == f"{desk.url}/"
    assert await browser.me() == (
        200,
        {
            "id": 2, "name": "ana", "display_name": "ana", "role": "agent",
            "must_change_password": False, "has_password": False,
        },
    )  # fmt: skip
    await browser.http.close()
    provider.new_key()
    provider.person["email"] = "married@example.com"
    # The provider's keys may be asked for again after a minute only; a new desk asks at once.
    await desk.end()
    await desk.start()
    assert await attempt(desk) == ("/", 200)
    provider.person |= {"sub": "eve-1", "email": "ana@example.com"}
    assert await attempt(desk) == ("/?refused=openid_unknown", 401)
    provider.person = dict(ANA)
    await desk.user("disable", "ana")
    assert await attempt(desk) == ("/?refused=openid_disabled", 401)


async def test_the_operator_may_let_in_whom_the_provider_knows(
    start: Start, provider: OpenIdProvider
) -> None:
    desk = await start(ATTUNE_OPENID_NEW_ROLE="supervisor")
    provider.person = {"sub": "x", "preferred_username": "Agent", "given_name": "  Ana "}
    browser = Browser(desk)
    await browser.sign_in()
    status, agent = await browser.me()
    assert (status, agent["name"], agent["display_name"], agent["role"]) == (
        200,
        "agent-2",
        "Ana",
        "supervisor",
    )
    await browser.http.close()


async def test_forged_stale_and_foreign_tokens_and_codes_open_nothing(
    start: Start, provider: OpenIdProvider
) -> None:
    desk = await start(ATTUNE_OPENID_NEW_ROLE="agent")
    for tamper in (
        lambda claims: claims.update(nonce="of another sign-in"),
        lambda claims: claims.pop("nonce"),
        lambda claims: claims.update(aud="another-program"),
        lambda claims: claims.update(aud=[CLIENT, "another-program"]),
        lambda claims: claims.update(iss="https://evil.example"),
        lambda claims: claims.update(iat=claims["iat"] - 900, exp=claims["exp"] - 900),
        lambda claims: claims.pop("exp"),
    ):
        provider.tamper = tamper
        assert await attempt(desk) == ("/?refused=openid_provider", 401)
    provider.tamper = lambda _claims: None
    provider.forge = True
    assert await attempt(desk) == ("/?refused=openid_provider", 401)
    provider.forge = False

    browser, other = Browser(desk), Browser(desk)
    callback = await browser.callback()
    code = parse_qs(urlsplit(callback).query)["code"][0]
    # Somebody is sent a link with a stranger's code: their browser did not begin this.
    assert await other.go(callback) == f"{desk.url}/?refused=openid_state"
    assert await browser.go(callback) == f"{desk.url}/?refused=openid_state"  # used up by then
    fresh = parse_qs(urlsplit(await browser.callback()).query)["state"][0]
    forged = f"{desk.url}/api/openid/callback?code={code}&state={fresh}"
    assert await browser.go(forged) == f"{desk.url}/?refused=openid_provider"  # another verifier
    done = await browser.callback()
    assert await browser.go(done) == f"{desk.url}/"
    assert await browser.go(done) == f"{desk.url}/?refused=openid_state"  # a replay
    for url in ("?state=made-up&code=x", "?error=access_denied", ""):
        where = await other.go(f"{desk.url}/api/openid/callback{url}")
        assert where == f"{desk.url}/?refused=openid_state"
    assert [(await each.me())[0] for each in (browser, other)] == [200, 401]
    assert "Traceback" not in desk.output
    for each in (browser, other):
        await each.http.close()


async def test_a_desk_without_a_provider_says_so(desk: DeskProcess) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{desk.url}/api/doors") as answer:
            assert await answer.json() == {"openid": None}
        async with http.get(f"{desk.url}/api/openid/start") as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "no_openid")
