"""How a request that comes in can be wrong."""

from __future__ import annotations


class Refused(Exception):
    """A request that came in is not what it must be.

    Attributes:
        status: HTTP status to answer.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
