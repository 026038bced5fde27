"""Reading what a client sent: a message worth passing on, or a stated reason why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rasa_project import attachments
from rasa_project.channels.webchat.refusals import Rejected

# Far beyond what a customer types, far below what would keep the classifier busy.
MAX_TEXT_CHARACTERS = 20_000
# Metadata is stored with every turn and handed to custom actions.
MAX_METADATA_CHARACTERS = 10_000
MAX_ID_CHARACTERS = 128


@dataclass(frozen=True)
class Incoming:
    """A customer's message as the client sent it.

    Attributes:
        text: At most `MAX_TEXT_CHARACTERS`, free of lone surrogates.
        metadata: The client's own, `message_id` and `language` included.
        message_id: The client's id for this message, or None where it has none.
        files: Ids of files that were uploaded before.
    """

    text: str
    metadata: dict[str, Any]
    message_id: str | None
    files: tuple[str, ...] = ()


def read_message(data: object, metadata_key: str) -> Incoming:
    """Checks the payload of a customer's message.

    Args:
        data: What the client sent with the event, of any type.
        metadata_key: Where in it the metadata stands; an object or a JSON text of one.

    Raises:
        Rejected: If types are wrong or a limit is exceeded.
    """
    if not isinstance(data, dict):
        raise Rejected(None, "wrong_type")
    metadata = _read_metadata(data.get(metadata_key))
    message_id = _read_id(metadata)
    text = data.get("message", "")
    if not isinstance(text, str):
        raise Rejected(message_id, "wrong_type")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise Rejected(message_id, "too_long")
    # A lone surrogate can be neither stored nor sent back as UTF-8.
    files = _read_files(message_id, data.get("files"))
    # Which files there are is for the server to say.
    metadata.pop(attachments.KEY, None)
    return Incoming(text.encode("utf-8", "replace").decode(), metadata, message_id, files)


def _read_metadata(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        if len(value) > MAX_METADATA_CHARACTERS:
            raise Rejected(None, "too_long")
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise Rejected(None, "wrong_type") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Rejected(None, "wrong_type")
    try:
        size = len(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        raise Rejected(_read_id(value), "wrong_type") from None
    if size > MAX_METADATA_CHARACTERS:
        raise Rejected(_read_id(value), "too_long")
    return value


def _read_files(message_id: str | None, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > attachments.MOST:
        raise Rejected(message_id, "wrong_type")
    if not all(isinstance(one, str) and 0 < len(one) <= MAX_ID_CHARACTERS for one in value):
        raise Rejected(message_id, "wrong_type")
    return tuple(dict.fromkeys(value))


def _read_id(metadata: dict[str, Any]) -> str | None:
    message_id = metadata.get("message_id")
    if message_id is None:
        return None
    if not isinstance(message_id, str) or not 0 < len(message_id) <= MAX_ID_CHARACTERS:
        raise Rejected(None, "wrong_type")
    # Neither a lone surrogate nor a NUL can stand in every database.
    return message_id.encode("utf-8", "replace").decode().replace("\x00", "?")
