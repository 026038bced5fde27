"""Passwords: hashed with Argon2, checked, and made up where one is needed once."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rasa_project.desk.errors import RequestError

MIN_CHARACTERS = 10
MAX_CHARACTERS = 200  # hashing a longer one would cost time and add nothing
# Without the characters that people mistake for one another when they type from a terminal.
_ALPHABET = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXYZ234679"
_ONE_TIME_CHARACTERS = 16  # 91 bits

_hasher = PasswordHasher()  # the library's defaults are those of RFC 9106, low-memory profile


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher.hash(_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether a password is right; a missing hash takes as long to refuse as a wrong password.

    Args:
        password_hash: The stored hash, or None where nobody of that name exists.
        password: What was typed.
    """
    try:
        right = _hasher.verify(password_hash or _nobodys_hash(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def one_time_password() -> str:
    """Make up a password to be used once."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ONE_TIME_CHARACTERS))


def require_good(password: str) -> None:
    """Hold that somebody may choose this password.

    Raises:
        RequestError: It is too short or too long.
    """
    if len(password) < MIN_CHARACTERS:
        raise RequestError(
            400, "password_short", f"Choose a password of at least {MIN_CHARACTERS} characters.",
            minimum=MIN_CHARACTERS,
        )  # fmt: skip
    if len(password) > MAX_CHARACTERS:
        raise RequestError(
            400, "password_long", f"Choose a password of at most {MAX_CHARACTERS} characters.",
            maximum=MAX_CHARACTERS,
        )  # fmt: skip


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # JSON may carry what UTF-8 may not


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())
