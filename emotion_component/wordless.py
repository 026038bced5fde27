"""Messages that hold a file and no word: there is nothing in them to read a mood from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

ATTACHMENTS: Final = "attachments"
# What channels write in place of words. A sticker's own emoji is what the customer chose to say.
_SIGNS: Final = frozenset("📷🎤🎬📎👤📍")


def is_wordless(text: str, metadata: object) -> bool:
    """Tell whether a message is files alone.

    Args:
        text: Of the message, as the bot hears it.
        metadata: Of the message; a channel that takes files lists them under `attachments`.
    """
    held: Any = metadata.get(ATTACHMENTS) if isinstance(metadata, Mapping) else None
    return bool(held) and all(sign.isspace() or sign in _SIGNS for sign in text)
