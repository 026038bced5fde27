"""Addresses of files that open them for a while: signed, so that only the server can make one."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Final, Protocol
from urllib.parse import quote, urlencode


class Keys(Protocol):
    """Secrets by their ids: one signs, all verify."""

    def signing(self) -> tuple[str, str]:
        """Return id and secret of the key that signs now."""

    def secret(self, key_id: object) -> str | None:
        """Return the secret of a key that verifies; None for one unknown or retired."""


_PURPOSE: Final = b"attune file link\x00"  # no other signature of the same secret is one of these
# Addresses that are made within one such stretch are alike, so that browsers know the file again.
_STEP_SECONDS: Final = 3_600


class Links:
    """Makes and checks addresses.

    Args:
        keys: What they are signed with.
        path: Of the route that gives files out, on this server.
        seconds: How long an address opens a file, at least.
    """

    def __init__(self, keys: Keys, path: str, seconds: float) -> None:
        self._keys = keys
        self._path = path
        self._seconds = seconds

    def make(self, file_id: str, name: str, seconds: float | None = None) -> str:
        """Return an address of a file on this server; it begins with a slash."""
        until = time.time() + (self._seconds if seconds is None else seconds)
        expires = str(int(until // _STEP_SECONDS + 1) * _STEP_SECONDS)
        key_id, secret = self._keys.signing()
        query = {"e": expires, "k": key_id, "s": _signature(secret, file_id, expires)}
        name = quote(name, safe="")
        return f"{self._path}/{file_id}/{name}?{urlencode(query)}"

    def opens(self, file_id: str, query: Mapping[str, str]) -> bool | None:
        """Say whether an address opens a file; None where it did, and has expired."""
        expires, signed = query.get("e", ""), query.get("s", "")
        secret = self._keys.secret(query.get("k"))
        if secret is None or not expires.isdecimal() or len(expires) > 12:
            return False
        expected = _signature(secret, file_id, expires)
        if not hmac.compare_digest(signed.encode("utf-8", "replace"), expected.encode()):
            return False
        return True if int(expires) >= time.time() else None


def _signature(secret: str, file_id: str, expires: str) -> str:
    told = _PURPOSE + f"{file_id}\x00{expires}".encode("utf-8", "replace")
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
