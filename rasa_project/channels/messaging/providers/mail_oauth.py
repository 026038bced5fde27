"""Signing in to a mailbox by OAuth 2.0 (RFC 6749): Microsoft 365, Google, and whoever else has it.

"Authenticate an IMAP, POP or SMTP connection using OAuth" at learn.microsoft.com and "OAuth 2.0
Mechanism" at developers.google.com/gmail/imap.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply
from rasa_project.channels.messaging.providers.access_tokens import AccessToken
from rasa_project.channels.messaging.settings import ChannelSettings, require_address

MICROSOFT: Final = "microsoft"
GOOGLE: Final = "google"
_ANY_TENANT: Final = "organizations"
_HOUR: Final = 3600.0
_GOOGLE_URL: Final = "https://oauth2.googleapis.com/token"
_MICROSOFT_URL: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
# With a refresh token for what its user may, without one for what the app itself may.
_MICROSOFT_SCOPE: Final = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send "
    "offline_access"
)
_MICROSOFT_APP_SCOPE: Final = "https://outlook.office365.com/.default"
_PAUSE_SECONDS: Final = 10.0


class OAuthSettings(ChannelSettings):
    """Settings of the sign-in.

    Attributes:
        oauth: `microsoft` or `google`, where mailboxes are opened by OAuth; for another service the
            address where it gives tokens.
        oauth_client_id: Of the app that is registered there.
        oauth_client_secret: Likewise; some apps have none.
        oauth_refresh_token: That the mailbox's user gave the app. With Microsoft it may be left out
            where an administrator lets the app sign in for itself; see docs/channels/mail.md.
        oauth_tenant: Of Microsoft's: the organization's ID or domain.
        oauth_scope: What is asked for, where it is not the usual.
    """

    oauth: str = ""
    oauth_client_id: str = ""
    oauth_client_secret: SecretStr = SecretStr("")
    oauth_refresh_token: SecretStr = SecretStr("")
    oauth_tenant: str = ""
    oauth_scope: str = ""

    @validator("oauth")
    def _known(cls, value: str) -> str:  # pydantic's own form
        if value in {"", MICROSOFT, GOOGLE}:
            return value
        try:
            return require_address(value)
        except ValueError:
            words = f"must be `{MICROSOFT}`, `{GOOGLE}`, or the https address that gives tokens"
            raise ValueError(words) from None

    @validator("oauth_client_id", always=True)
    def _app(cls, value: str, values: dict[str, Any]) -> str:
        if values.get("oauth") and not value:
            raise ValueError("is missing: `oauth` needs an app")
        return value

    @validator("oauth_tenant", always=True)
    def _who(cls, value: str, values: dict[str, Any]) -> str:
        """Hold that somebody signs in: a user, or the app in an organization."""
        token = values.get("oauth_refresh_token")
        if not values.get("oauth") or token is None or token.get_secret_value():
            return value
        secret = values.get("oauth_client_secret")
        if values["oauth"] != MICROSOFT or not secret or not secret.get_secret_value() or not value:
            raise ValueError(
                "is missing beside a client secret: without a refresh token the app signs in for "
                "itself, which Microsoft alone has"
            )
        return value


@dataclass(frozen=True)
class Login:
    """How somebody signs in to a mail server.

    Attributes:
        user: Name.
        password: Of the mailbox; empty where there is a token.
        token: An access token, which is good for an hour or so.
    """

    user: str
    password: str = ""
    token: str = ""

    def xoauth2(self) -> bytes:
        """Return the token as SASL's XOAUTH2 has it, before it is written in base 64."""
        return f"user={self.user}\x01auth=Bearer {self.token}\x01\x01".encode()


class KeptToken:
    """The refresh token, which Microsoft replaces now and then: the latest outlives this process.

    Args:
        path: A file that only its owner can read.
        given: The one in the settings; another one there counts more than what is kept.
    """

    def __init__(self, path: Path, given: str) -> None:
        self._path = path
        self._given = given
        self._key = hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()

    def get(self) -> str:
        """Return the latest."""
        return str(self._read().get(self._key) or self._given)

    def put(self, token: str) -> None:
        """Keep another one; it survives a kill when this returns."""
        if token == self.get():
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({**self._read(), self._key: token}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

    def _read(self) -> Mapping[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


class OAuth:
    """Gets access tokens for one mailbox.

    Args:
        settings: Where, and for whom.
        http: Sends requests.
        kept: The refresh token.
    """

    def __init__(self, settings: OAuthSettings, http: Http, kept: KeptToken) -> None:
        self._settings = settings
        self._http = http
        self._kept = kept

    async def fetch(self, _refused: str = "") -> AccessToken:
        """Get an access token.

        Raises:
            NotSent: The service gives none; an operator can mend it.
            MaybeSent: Its answer was lost.
        """
        reply = await self._http.request("POST", self._url(), form=self._form())
        found = reply.content if isinstance(reply.content, dict) else {}
        if reply.status != 200 or "access_token" not in found:
            raise _failure(reply, found)
        if another := str(found.get("refresh_token") or ""):
            self._kept.put(another)
        seconds = found.get("expires_in")
        return AccessToken(
            str(found["access_token"]), float(seconds) if seconds is not None else _HOUR
        )

    def _url(self) -> str:
        service = self._settings.oauth
        if service == GOOGLE:
            return _GOOGLE_URL
        if service == MICROSOFT:
            tenant = quote(self._settings.oauth_tenant or _ANY_TENANT, safe="")
            return _MICROSOFT_URL.format(tenant=tenant)
        return str(service)

    def _form(self) -> dict[str, str]:
        settings, token = self._settings, self._kept.get()
        form = {"client_id": settings.oauth_client_id}
        if secret := settings.oauth_client_secret.get_secret_value():
            form["client_secret"] = secret
        if token:
            form |= {"grant_type": "refresh_token", "refresh_token": token}
        else:
            form["grant_type"] = "client_credentials"
        usual = _MICROSOFT_SCOPE if token else _MICROSOFT_APP_SCOPE
        if scope := settings.oauth_scope or (usual if settings.oauth == MICROSOFT else ""):
            form["scope"] = scope
        return form


def _failure(reply: Reply, found: Mapping[str, Any]) -> NotSent | MaybeSent:
    said = str(found.get("error_description") or found.get("error") or reply.text)
    words = f"The mail service gives no token, {reply.status}: {said}"
    if reply.status == 429:
        return NotSent(words, retry_after=_PAUSE_SECONDS)
    return MaybeSent(words) if reply.status >= 500 or reply.status == 200 else NotSent(words)
