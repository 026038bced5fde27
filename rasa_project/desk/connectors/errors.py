"""How a request to another desk can fail."""

from __future__ import annotations


class NotTaken(Exception):
    """The other desk does not have what was sent.

    Attributes:
        hopeless: Trying again cannot help; it refuses the request for what it is.
        retry_after: Seconds that it asked to be left alone, or none.
    """

    def __init__(
        self, message: str, *, hopeless: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.hopeless = hopeless
        self.retry_after = retry_after


class MaybeTaken(Exception):
    """The other desk may or may not have it: it failed midway, or its answer was lost."""
