"""Whether a customer allows that the tone of messages is read.

A chat says so in the metadata of a message, `{"read_tone": false}`. That holds for this message and
all later ones of the conversation, whatever channel or tab they come from, until one says
`{"read_tone": true}`. Each turn hands it on to the next in its message property `emotion`, so a
turn looks at the newest turn before it only.

Standard library only; events are read by attribute, so nothing here imports Rasa.
"""

from __future__ import annotations

from collections.abc import Mapping, Reversible
from typing import Any, Final

# The metadata's key, true or false.
METADATA: Final = "read_tone"
# The message property's key that says: not read, because the customer does not want it.
DECLINED: Final = "declined"


def is_declined(metadata: Mapping[str, Any] | None, events: Reversible[Any] = ()) -> bool:
    """Say whether a message's tone must not be read.

    Args:
        metadata: The message's own; anything but a truth value in it says nothing.
        events: The conversation's events before the message, newest last.
    """
    told = _told(metadata)
    if told is not None:
        return not told
    for event in reversed(events):
        if event.type_name != "user":
            continue
        told = _told(event.metadata)
        if told is not None:
            return not told
        emotion = (event.parse_data or {}).get("emotion")
        if isinstance(emotion, Mapping):
            return emotion.get(DECLINED) is True
    return False


def _told(metadata: Mapping[str, Any] | None) -> bool | None:
    told = metadata.get(METADATA) if isinstance(metadata, Mapping) else None
    return told if isinstance(told, bool) else None
