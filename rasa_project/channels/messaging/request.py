"""A webhook's request as a provider reads it, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Attributes:
        method: `GET` or `POST`.
        path: As in the address, with `?` and the query where there is one.
        query: Parameters of the address, the first value of each.
        headers: Names in lower case.
        body: Raw.
        at: When it came, seconds since 1970.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float

    def header(self, name: str) -> str:
        """Return a header's value, empty where it is missing.

        Args:
            name: In lower case.
        """
        return self.headers.get(name, "")


@dataclass(frozen=True)
class Answer:
    """What a request is answered.

    Attributes:
        body: Text as it goes out, or content that goes out as JSON.
        status: HTTP status.
        content_type: Of a text.
    """

    body: Any = ""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
