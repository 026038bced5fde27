"""What a database says when something is wrong with it."""

from __future__ import annotations


def reason_of(error: Exception) -> str:
    """Return the driver's own words, without SQLAlchemy's query, parameters and link.

    Args:
        error: SQLAlchemy's or any other; of the latter its own words.
    """
    return str(getattr(error, "orig", None) or error).strip()
