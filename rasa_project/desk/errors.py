"""What can go wrong at the desk, each with a sentence for the person who can act on it."""

from __future__ import annotations

import math


class RequestError(Exception):
    """A request is not carried out.

    Args:
        status: HTTP status, 400 to 499.
        code: Names the situation for programs; the page words it in the agent's language.
        sentence: Names it for people, in English.
        **details: What the page needs to word it, such as a name.
    """

    def __init__(self, status: int, code: str, sentence: str, **details: str | int) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.details = details
        self.headers: dict[str, str] = {}

    def as_json(self) -> dict[str, str | int]:
        """Return the body of the answer."""
        return {"error": str(self), "code": self.code, **self.details}


class TooManyRequests(RequestError):
    """Somebody has to wait.

    Args:
        code: Names the situation for programs.
        sentence: Names it for people, in English.
        seconds: After which it may be tried again.
        **details: What the page needs to word it.
    """

    def __init__(self, code: str, sentence: str, seconds: float, **details: str | int) -> None:
        super().__init__(429, code, sentence, **details)
        self.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
