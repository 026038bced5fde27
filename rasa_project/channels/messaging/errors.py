"""How sending to a messaging service can fail."""

from __future__ import annotations


class NotSent(Exception):
    """The service does not have the message.

    Attributes:
        hopeless: Trying again cannot help: the service refuses the message for what it is.
        retry_after: Seconds that the service asked to be left alone, or none.
        everyone: That goes for the whole channel, and not for this customer alone.
    """

    def __init__(
        self,
        message: str,
        *,
        hopeless: bool = False,
        retry_after: float | None = None,
        everyone: bool = False,
    ) -> None:
        super().__init__(message)
        self.hopeless = hopeless
        self.retry_after = retry_after
        self.everyone = everyone


class MaybeSent(Exception):
    """The service may or may not have the message: it failed midway, or its answer was lost."""
