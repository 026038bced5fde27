"""Files that go with what somebody says: how desk, channels and Rasa's metadata speak of them.

In a message's metadata `attachments` is a list of objects with `kind`, `id`, `name`, `mime_type`
and `size` (bytes); `stored` where this service keeps the file itself, under that `id`, or is about
to fetch it; `channel` names the messaging channel that keeps it, where it is not the web chat; and
`url` where it can be fetched. All may be missing but `kind`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

KEY: Final = "attachments"
MOST: Final = 10  # of one message
MAX_NAME_CHARACTERS: Final = 200

# Words would make a Chinese customer's photo an English message; these are read by everybody.
SIGNS: Final[dict[str, str]] = {
    "image": "📷", "audio": "🎤", "video": "🎬", "file": "📎", "sticker": "🙂", "contact": "👤",
    "other": "📎",
}  # fmt: skip
_CHANNEL: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")  # it becomes a part of an address
_ID_CHARACTERS: Final = 400
_URL_CHARACTERS: Final = 2_000


def stand_in(attachments: Iterable[Mapping[str, Any]]) -> str:
    """Return what stands for files that came without a word."""
    return " ".join(SIGNS.get(str(one.get("kind")), SIGNS["other"]) for one in attachments)


def kind_of(mime_type: str) -> str:
    """Say what a file is to people: `image`, `audio`, `video` or `file`."""
    family = mime_type.partition("/")[0]
    return family if family in {"image", "audio", "video"} else "file"


def read(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read the files of a message, of whatever form somebody's program gave them."""
    given = metadata.get(KEY)
    if not isinstance(given, (list, tuple)):
        return []
    return [_read_one(one) for one in given[:MOST] if isinstance(one, Mapping)]


def _read_one(given: Mapping[str, Any]) -> dict[str, Any]:
    kind = given.get("kind")
    found: dict[str, Any] = {"kind": kind if kind in SIGNS else "other"}
    for key, most in (
        ("id", _ID_CHARACTERS), ("name", MAX_NAME_CHARACTERS),
        ("mime_type", MAX_NAME_CHARACTERS), ("url", _URL_CHARACTERS),
    ):  # fmt: skip
        value = given.get(key)
        if isinstance(value, str) and value and len(value) <= _ID_CHARACTERS + _URL_CHARACTERS:
            found[key] = value[:most]
    size = given.get("size")
    if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < math.inf:
        found["size"] = size
    if given.get("stored") is True and "id" in found:
        found["stored"] = True
        channel = given.get("channel")
        if isinstance(channel, str) and _CHANNEL.fullmatch(channel):
            found["channel"] = channel
    return found
