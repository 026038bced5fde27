"""Checks of what comes in: signatures in constant time, times, and JSON objects."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from typing import Any, Final

from rasa_project.webhooks.errors import Refused

WINDOW_SECONDS: Final = 300.0  # what Chatwoot, Slack and Standard Webhooks say


def sha256(secret: str | bytes, content: bytes) -> bytes:
    """Return the HMAC-SHA256 of a content."""
    return hmac.new(_key(secret), content, hashlib.sha256).digest()


def sha1(secret: str | bytes, content: bytes) -> bytes:
    """Return the HMAC-SHA1 of a content, for services that offer nothing better."""
    return hmac.new(_key(secret), content, hashlib.sha1).digest()


def base64_of(digest: bytes) -> str:
    """Return a digest in base64."""
    return base64.b64encode(digest).decode()


def require_same(given: str, expected: str) -> None:
    """Hold that a signature is right, in a time that tells nothing about it.

    Raises:
        Refused: It is not.
    """
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Refused(401, "The signature is missing or wrong.")


def require_fresh(sent_at: float | None, now: float, window: float = WINDOW_SECONDS) -> None:
    """Hold that a request is about as old as our clock.

    Raises:
        Refused: It has no time, or one too far off.
    """
    if sent_at is None or not abs(now - sent_at) <= window:
        raise Refused(401, "The request has no time, or one more than five minutes off.")


def seconds(text: str) -> float | None:
    """Read seconds since 1970, or a date in ISO 8601; none for anything else."""
    if text.isdecimal() and len(text) <= 13:
        return float(text)
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        Refused: It is none.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The content is no JSON.") from error
    if not isinstance(content, dict):
        raise Refused(400, "The content is no JSON object.")
    return content


def _key(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret


def name_of(body: bytes) -> str:
    """Name a request that has no name of its own, by what it says."""
    return hashlib.sha256(body).hexdigest()
