"""How long a service asks to be left alone."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from typing import Final

_LONGEST_SECONDS: Final = 3600.0


def retry_after(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds of a `Retry-After` header, a number or a date; one without it."""
    text = next((v for k, v in headers.items() if k.lower() == "retry-after"), "1").strip()
    if text.isdecimal():
        seconds = float(text)
    else:
        try:
            seconds = email.utils.parsedate_to_datetime(text).timestamp() - now
        except (TypeError, ValueError):
            seconds = 1.0
    return min(max(seconds, 0.0), _LONGEST_SECONDS)
