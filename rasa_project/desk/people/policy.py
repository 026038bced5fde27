"""How long people stay signed in, how much programs may ask, and how long the log is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rasa_project.desk.people import roles
from rasa_project.errors import StartError

_HOUR = 3600.0
_MINUTE = 60.0
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class OpenIdPolicy:
    """The identity provider that people may sign in with.

    Attributes:
        issuer: Its address, as its tokens name it.
        client_id: What it calls the desk.
        client_secret: Empty where the provider gave none.
        label: What the button says, such as the company's name.
        new_role: The role of people whom the provider knows and the desk does not; empty where
            only people who were added before may come in.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    label: str = "OpenID"
    new_role: str = ""


@dataclass(frozen=True)
class AccessPolicy:
    """What the operator decided about access.

    Attributes:
        session_seconds: After so long a session ends, used or not; a shift.
        idle_seconds: After so long without a sign of life it ends.
        audit_days: So long the audit log is kept, at least a day.
        calls_per_minute: So many calls a token may make.
        proxies: So many proxies stand before the desk and add to `X-Forwarded-For`.
        public_url: The desk's address as browsers know it, without a slash at the end.
        openid: The identity provider, if there is one.
    """

    session_seconds: float = 12 * _HOUR
    idle_seconds: float = 2 * _HOUR
    audit_days: float = 365.0
    calls_per_minute: int = 300
    proxies: int = 0
    public_url: str = ""
    openid: OpenIdPolicy | None = None


def from_environment(environment: Mapping[str, str]) -> AccessPolicy:
    """Read the policy.

    Raises:
        StartError: A variable makes no sense.
    """
    default = AccessPolicy()

    def number(name: str, usual: float, least: float) -> float:
        return _number(environment, name, usual, least)

    return AccessPolicy(
        session_seconds=_HOUR
        * number("ATTUNE_DESK_SESSION_HOURS", default.session_seconds / _HOUR, 0.01),
        idle_seconds=_MINUTE
        * number("ATTUNE_DESK_IDLE_MINUTES", default.idle_seconds / _MINUTE, 0.01),
        audit_days=number("ATTUNE_DESK_AUDIT_DAYS", default.audit_days, 1.0),
        calls_per_minute=int(
            number("ATTUNE_DESK_CALLS_PER_MINUTE", float(default.calls_per_minute), 1.0)
        ),
        proxies=int(number("ATTUNE_DESK_PROXIES", 0.0, 0.0)),
        public_url=_url(environment, "ATTUNE_DESK_PUBLIC_URL"),
        openid=_openid(environment),
    )


def _openid(environment: Mapping[str, str]) -> OpenIdPolicy | None:
    issuer = environment.get("ATTUNE_OPENID_ISSUER", "").strip()
    if not issuer:
        return None
    _url(environment, "ATTUNE_OPENID_ISSUER", secure=True)
    client = environment.get("ATTUNE_OPENID_CLIENT_ID", "").strip()
    if not client:
        raise StartError("ATTUNE_OPENID_ISSUER is set, so ATTUNE_OPENID_CLIENT_ID must be, too.")
    if not _url(environment, "ATTUNE_DESK_PUBLIC_URL"):
        raise StartError(
            "ATTUNE_OPENID_ISSUER is set, so ATTUNE_DESK_PUBLIC_URL must say where browsers find "
            "the desk, such as https://desk.example.com; the provider sends people back there."
        )
    role = environment.get("ATTUNE_OPENID_NEW_ROLE", "").strip()
    if role not in {"", *roles.ROLES}:
        raise StartError(
            f"ATTUNE_OPENID_NEW_ROLE must be one of {', '.join(roles.ROLES)}, or empty. "
            f"Received: {role!r}."
        )
    return OpenIdPolicy(
        issuer, client, environment.get("ATTUNE_OPENID_CLIENT_SECRET", ""),
        environment.get("ATTUNE_OPENID_LABEL", "").strip() or OpenIdPolicy.label, role,
    )  # fmt: skip


def _number(environment: Mapping[str, str], name: str, usual: float, least: float) -> float:
    value = environment.get(name, "").strip()
    if not value:
        return usual
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not least <= number < 1e6:
        raise StartError(f"{name} must be a number, at least {least:g}. Received: {value!r}.")
    return number


def _url(environment: Mapping[str, str], name: str, *, secure: bool = False) -> str:
    value = environment.get(name, "").strip()
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise StartError(
            f"{name} must be an address such as https://desk.example.com. Received: {value!r}."
        )
    if (
        secure
        and parts.scheme == "http"
        and parts.hostname not in {"127.0.0.1", "::1", "localhost"}
    ):
        raise StartError(f"{name} must begin with https://. Received: {value!r}.")
    return value.rstrip("/")
