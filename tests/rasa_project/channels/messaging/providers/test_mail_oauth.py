"""Mailboxes that are opened by OAuth: a real Dovecot asks a token service whom it may let in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers import mail_oauth
from rasa_project.channels.messaging.providers.mail import MailInput, MailSettings
from rasa_project.channels.messaging.providers.mail_oauth import KeptToken, OAuth
from tests.rasa_project.channels.messaging.conftest import started
from tests.rasa_project.channels.messaging.providers.fake_mail import FakeMail, dovecot
from tests.rasa_project.channels.messaging.providers.fake_oauth import (
    CLIENT,
    REFRESH,
    SECRET,
    FakeOAuth,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve

CUSTOMER = "4711"
ON_ITS_WAY = "Your order is on its way."
MICROSOFT = {"oauth": "microsoft", "oauth_client_id": CLIENT, "oauth_client_secret": SECRET}


class OAuthMail(FakeMail):
    """A mailbox that lets nobody in with a password."""

    def settings(self) -> dict[str, Any]:
        usual = super().settings()
        del usual["password"]
        return {
            **usual, "oauth": f"http://127.0.0.1:{dovecot().token_port}/token",
            "oauth_client_id": CLIENT, "oauth_client_secret": SECRET,
            "oauth_refresh_token": REFRESH,
        }  # fmt: skip


@pytest.fixture
async def mail(short_waits: None) -> AsyncIterator[FakeMail]:
    async with started(OAuthMail()) as fake:
        yield fake


@pytest.fixture
async def oauth(mail: FakeMail) -> AsyncIterator[FakeOAuth]:
    service = FakeOAuth(mail.address, mail.tokens)
    await service.start(dovecot().token_port)
    yield service
    await service.end()


@pytest.mark.services
async def test_a_mail_is_read_and_answered_without_a_password(
    mail: FakeMail, oauth: FakeOAuth, agent: Agent
) -> None:
    async with serve(agent, [mail]):
        await mail.says(CUSTOMER, "order")
        assert await mail.read(CUSTOMER, 1) == [ON_ITS_WAY]
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH}
    assert oauth.asked == [("/token", {"client_id": CLIENT, "client_secret": SECRET, **form})]


@pytest.mark.services
async def test_a_token_that_is_refused_is_replaced(
    mail: FakeMail, oauth: FakeOAuth, agent: Agent
) -> None:
    async with serve(agent, [mail]) as server:
        await mail.says(CUSTOMER, "order")
        assert await mail.read(CUSTOMER, 1) == [ON_ITS_WAY]
        oauth.good.clear()  # an administrator signed the app out
        await server.push(mail.conversation(CUSTOMER), bot("It comes today.", "m-1"))
        assert (await mail.read(CUSTOMER, 2))[1] == "It comes today."


@pytest.mark.services
async def test_a_refresh_token_that_comes_anew_outlives_a_restart(
    mail: FakeMail, oauth: FakeOAuth, agent: Agent, tmp_path: Path
) -> None:
    oauth.renews = True
    async with serve(agent, [mail]):
        await mail.says(CUSTOMER, "order")
        await mail.read(CUSTOMER, 1)
    async with serve(agent, [mail]):
        await mail.says(CUSTOMER, "order")
        assert await mail.read(CUSTOMER, 2) == [ON_ITS_WAY] * 2
    assert [form["refresh_token"] for _, form in oauth.asked] == [REFRESH, "refresh-token-1"]
    (kept,) = (tmp_path / "home").glob("mail-tokens*")
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.services
async def test_check_says_why_no_token_is_given(mail: FakeMail, oauth: FakeOAuth) -> None:
    works = await channel_of(mail).provider.check()
    assert [one.ok for one in works] == [True, True]
    oauth.refuses = "AADSTS50173: The grant has been revoked."
    words = "The mail service gives no token, 400: AADSTS50173: The grant has been revoked."
    assert await channel_of(mail).provider.check() == [
        Finding(False, f"Mail cannot be read: {words}"), Finding(False, words),
    ]  # fmt: skip
    oauth.refuses = ""
    mail.more = {"address": "somebody.else@shop.example"}
    (cannot_read, _) = await channel_of(mail).provider.check()
    assert not cannot_read.ok and "refuses the sign-in" in cannot_read.says


@pytest.mark.parametrize(
    ("more", "path", "form"),
    [
        (
            {"oauth_refresh_token": REFRESH}, "/organizations/oauth2/v2.0/token",
            {"grant_type": "refresh_token", "refresh_token": REFRESH,
             "scope": "https://outlook.office.com/IMAP.AccessAsUser.All "
                      "https://outlook.office.com/SMTP.Send offline_access"},
        ),
        (
            {"oauth_tenant": "shop.example"}, "/shop.example/oauth2/v2.0/token",
            {"grant_type": "client_credentials",
             "scope": "https://outlook.office365.com/.default"},
        ),
    ],
)  # fmt: skip
async def test_microsoft_is_asked_as_it_documents(
    more: dict[str, str], path: str, form: dict[str, str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int,
) -> None:  # fmt: skip
    service, http = FakeOAuth("help@shop.example", {}), Http("E-mail")
    await service.start(unused_tcp_port)
    place = f"http://127.0.0.1:{unused_tcp_port}" + "/{tenant}/oauth2/v2.0/token"
    assert (
        place.replace(f"http://127.0.0.1:{unused_tcp_port}", "https://login.microsoftonline.com")
        == mail_oauth._MICROSOFT_URL
    )
    monkeypatch.setattr(mail_oauth, "_MICROSOFT_URL", place)
    settings = MailSettings.parse_obj({**WHOLE, **MICROSOFT, **more})
    kept = KeptToken(tmp_path / "kept.json", settings.oauth_refresh_token.get_secret_value())
    try:
        token = await OAuth(settings, http, kept).fetch()
    finally:
        await http.close()
        await service.end()
    assert (token.value, token.seconds) == ("token-1", 3599)
    assert service.asked == [(path, {"client_id": CLIENT, "client_secret": SECRET, **form})]


WHOLE = {
    "address": "help@shop.example", "imap_host": "outlook.office365.com",
    "smtp_host": "smtp.office365.com", "trusted_server": "mx.shop.example",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "`password` of the E-mail channel is missing"),
        ({"password": "x", **MICROSOFT, "oauth_refresh_token": "r"}, "is not used with `oauth`"),
        ({"oauth": "yahoo"}, "`oauth` of the E-mail channel must be `microsoft`, `google`"),
        ({"oauth": "http://mail.example/token"}, "`oauth` of the E-mail channel must be"),
        ({"oauth": "google"}, "`oauth_client_id` of the E-mail channel is missing"),
        ({**MICROSOFT, "oauth": "google"}, "`oauth_tenant` of the E-mail channel is missing"),
        ({**MICROSOFT}, "`oauth_tenant` of the E-mail channel is missing"),
    ],
)
def test_settings_that_do_not_go_together_are_refused_by_name(
    more: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidConfigException, match=says) as refused:
        MailInput.from_credentials({**WHOLE, **more})
    assert SECRET not in str(refused.value)


async def test_a_service_that_is_away_is_asked_again(tmp_path: Path, unused_tcp_port: int) -> None:
    http = Http("E-mail")
    url = f"http://127.0.0.1:{unused_tcp_port}/token"
    app = {"oauth": url, "oauth_client_id": CLIENT, "oauth_refresh_token": REFRESH}
    settings = MailSettings.parse_obj({**WHOLE, **app})
    try:
        with pytest.raises((NotSent, MaybeSent)) as failed:
            await OAuth(settings, http, KeptToken(tmp_path / "kept.json", REFRESH)).fetch()
    finally:
        await http.close()
    assert not getattr(failed.value, "hopeless", False)


def test_a_new_refresh_token_in_the_settings_counts_more_than_a_kept_one(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    KeptToken(path, "one").put("two")
    assert KeptToken(path, "one").get() == "two"
    assert KeptToken(path, "three").get() == "three"
