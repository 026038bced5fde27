"""How long anything may take while processes die, before it counts as lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

# Rasa starts in half a minute on two free cores, in minutes on busy ones, and may die twice.
PATIENCE_SECONDS = 1200.0

T = TypeVar("T")


class LostError(Exception):
    """Something that was promised never came; the message says what."""


async def within(awaited: Awaitable[T], lost: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Return what comes in time.

    Raises:
        LostError: It did not come.
    """
    try:
        return await asyncio.wait_for(awaited, seconds)
    except asyncio.TimeoutError as error:
        raise LostError(f"{lost} within {seconds:.0f} s") from error
