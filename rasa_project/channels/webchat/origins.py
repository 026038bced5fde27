"""Which web pages may open a chat here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from rasa.shared.exceptions import InvalidConfigException

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OriginPolicy:
    """Lets in the listed origins and the pages that this server serves itself.

    Browsers name the page's origin; other clients send none and are not bound by it.

    Args:
        origins: Origins such as `https://shop.example`, or `*` for any page.

    Raises:
        InvalidConfigException: If an entry is not an origin.
    """

    def __init__(self, origins: Sequence[str]) -> None:
        if isinstance(origins, str):
            raise InvalidConfigException(_complaint(origins, "a list"))
        self._allowed = {_checked(origin) for origin in origins}

    def allows(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Says whether a page of `origin` may connect.

        Args:
            origin: The request's `Origin` header, None if it has none.
            environ: The request as a WSGI environment.
        """
        if origin is None or "*" in self._allowed or origin in self._allowed:
            return True
        host = environ.get("HTTP_X_FORWARDED_HOST") or environ.get("HTTP_HOST", "")
        own = f"{environ.get('wsgi.url_scheme', 'http')}://{host.split(',')[0].strip()}"
        return origin == own or _same_loopback(origin, own)


def _same_loopback(one: str, other: str) -> bool:
    """`localhost` and `127.0.0.1` are the same server to a person, not to a browser."""
    try:
        left, right = urlsplit(one), urlsplit(other)
        return (
            left.hostname in _LOOPBACK
            and right.hostname in _LOOPBACK
            and (left.scheme, left.port) == (right.scheme, right.port)
        )
    except ValueError:  # a port that is no number
        return False


def _checked(origin: object) -> str:
    if origin == "*":
        return "*"
    parts = urlsplit(origin) if isinstance(origin, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InvalidConfigException(_complaint(origin, "entries such as https://shop.example"))
    return f"{parts.scheme}://{parts.netloc}"


def _complaint(received: object, wanted: str) -> str:
    return (
        f"`origins` must be {wanted}. Received: {received!r}. Set it in credentials.yml under "
        "rasa_project.channels.webchat.WebChatInput."
    )
