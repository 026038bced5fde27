"""The keys that sign sessions: given by the operator, or made and renewed in the state folder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from rasa.shared.exceptions import InvalidConfigException

MIN_SECRET_LENGTH: Final = 32  # as many bytes as HMAC-SHA-256 asks for; RFC 7518, section 3.2
_SECRET_BYTES: Final = 32
_ID_CHARACTERS: Final = 12
_DAY: Final = 86_400.0


class Keys(Protocol):
    """Keys by their ids: one signs, all verify."""

    def signing(self) -> tuple[str, str]:
        """Return id and secret of the key that signs now."""

    def secret(self, key_id: object) -> str | None:
        """Return the secret of a key that verifies; None for one unknown or retired."""


class GivenKeys:
    """Keys that the operator names; the first signs, the others verify until they are removed.

    Args:
        given: At least one secret of at least `MIN_SECRET_LENGTH` characters.

    Raises:
        InvalidConfigException: If one is missing or too short.
    """

    def __init__(self, given: Sequence[object]) -> None:
        self._secrets = {key_id(_checked(secret)): _checked(secret) for secret in given}

    def signing(self) -> tuple[str, str]:
        """See `Keys`."""
        return next(iter(self._secrets.items()))

    def secret(self, key_id: object) -> str | None:
        """See `Keys`."""
        return self._secrets.get(key_id) if isinstance(key_id, str) else None


class KeptKeys:
    """Keys in a file that only its owner may read: a new one signs every `days`.

    Old ones verify for as long as their latest token may live. Every process that shares the
    state folder shares the file; those on other machines need `GivenKeys`.

    Args:
        path: The file, made on first use.
        days: How long a key signs.
        token_days: How long a token lives.
    """

    def __init__(self, path: Path, days: float, token_days: float) -> None:
        self._path = path
        self._signs = days * _DAY
        self._verifies = (days + token_days) * _DAY
        self._kept: list[tuple[float, str]] = []  # when it was made and the secret, newest first

    def signing(self) -> tuple[str, str]:
        """See `Keys`; makes a new key where the latest has signed for long enough."""
        if not self._kept or self._kept[0][0] < time.time() - self._signs:
            self._renew()
        secret = self._kept[0][1]
        return key_id(secret), secret

    def secret(self, key_id: object) -> str | None:
        """See `Keys`; reads the file again for a key that another process made."""
        if (found := self._find(key_id)) is None and self._path.exists():
            self._kept = self._read()
            found = self._find(key_id)
        return found

    def _find(self, wanted: object) -> str | None:
        oldest = time.time() - self._verifies
        return next((s for made, s in self._kept if made > oldest and key_id(s) == wanted), None)

    def _renew(self) -> None:
        with self._held():
            self._kept = self._read()
            now = time.time()
            if self._kept and self._kept[0][0] >= now - self._signs:
                return  # another process was first
            alive = [(made, secret) for made, secret in self._kept if made > now - self._verifies]
            self._kept = [(now, secrets.token_urlsafe(_SECRET_BYTES)), *alive]
            self._write()

    @contextmanager
    def _held(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> list[tuple[float, str]]:
        if not self._path.exists():
            return []
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))["keys"]
            return [(float(key["made"]), _checked(key["secret"])) for key in kept]
        except (ValueError, KeyError, TypeError, InvalidConfigException) as error:
            raise InvalidConfigException(
                f"{self._path} is damaged ({error!r}). Delete it and start again: new keys are "
                "made, and customers who are not signed in begin new chats."
            ) from error

    def _write(self) -> None:
        """Write the file whole or not at all, also when killed midway."""
        part = self._path.with_suffix(".part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        keys = [{"made": made, "secret": secret} for made, secret in self._kept]
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"keys": keys}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def key_id(secret: str) -> str:
    """Return the name under which tokens say which key signed them; it tells nothing about it."""
    return hashlib.sha256(b"attune webchat key\x00" + secret.encode()).hexdigest()[:_ID_CHARACTERS]


def _checked(secret: object) -> str:
    if not isinstance(secret, str) or len(secret) < MIN_SECRET_LENGTH:
        received = "none" if secret is None else f"one of length {len(str(secret))}"
        raise InvalidConfigException(
            f"The webchat channel signs sessions with a `secret` of at least {MIN_SECRET_LENGTH} "
            f"characters. Received: {received}. Set it in credentials.yml under "
            "rasa_project.channels.webchat.WebChatInput as `secret: ${ATTUNE_WEBCHAT_SECRET}` "
            "(`python -c 'import secrets; print(secrets.token_hex(32))'` makes one), or leave "
            "`secret` out: then keys are made and kept in the state folder."
        )
    return secret
