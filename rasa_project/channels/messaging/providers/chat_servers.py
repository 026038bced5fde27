"""What Mattermost and Rocket.Chat share: outgoing webhooks that show a token, and threads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.settings import ChannelSettings, of_length, require_address
from rasa_project.channels.messaging.turn import Attachment, AttachmentKind
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

_KINDS: Final[dict[str, AttachmentKind]] = {"image": "image", "video": "video", "audio": "audio"}
_EVERYBODY: Final = re.compile(r"(?<![\w.])@(?=(?:all|channel|here)\b)", re.IGNORECASE)
_UNHEARD: Final = "@\u200b"


class ChatServerSettings(ChannelSettings):
    """Settings.

    Attributes:
        server_url: Where the chat server is.
        webhook_token: That of the outgoing webhook, which it shows with each message.
        start: What Rasa hears when somebody writes the trigger word alone; a payload, or words.
    """

    server_url: str
    webhook_token: SecretStr
    start: str = "/greet"

    _server = validator("server_url", allow_reuse=True)(require_address)
    _present = validator("webhook_token", allow_reuse=True)(of_length(8))


def require_token(content: Mapping[str, Any], token: SecretStr) -> None:
    """Hold that a webhook shows the token that it was given.

    Raises:
        Refused: It does not.
    """
    try:
        signatures.require_same(str(content.get("token") or ""), token.get_secret_value())
    except Refused as error:
        raise Refused(401, "The webhook's token is missing or wrong.") from error


def said(content: Mapping[str, Any], start: str) -> dict[str, Any]:
    """Return what somebody wrote behind the trigger word, as fields of a turn."""
    text, word = str(content.get("text") or ""), str(content.get("trigger_word") or "")
    if not word or not text.startswith(word):
        return {"text": text}
    rest = text[len(word) :].strip()
    return {"text": rest} if rest else {"text": "", "begin": start}


def word_in(content: Mapping[str, Any], key: str) -> str:
    """Return a word that has to be there.

    Raises:
        KeyError: It is missing.
        TypeError: It is empty, or no text.
    """
    value = content[key]
    if not isinstance(value, str) or not value:
        raise TypeError(key)
    return value


def file_of(file: Mapping[str, Any], id_key: str, type_key: str) -> Attachment:
    """Return a file; the servers call the same things differently."""
    mime_type, size = str(file.get(type_key) or ""), file.get("size")
    return Attachment(
        _KINDS.get(mime_type.partition("/")[0], "file"),
        id=str(file[id_key]),
        name=str(file.get("name") or ""),
        mime_type=mime_type,
        size=size if isinstance(size, int) else None,
    )


def quiet(text: str) -> str:
    """Return a text that calls nobody to the screen who is not in the conversation."""
    return _EVERYBODY.sub(_UNHEARD, text)


class Memory(dict[str, Any]):
    """What was asked of the server lately, by name; it can be asked again.

    Args:
        most: Entries; the oldest go.
    """

    def __init__(self, most: int = 10_000) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, name: str, value: Any) -> None:
        """Remember something."""
        super().__setitem__(name, value)
        while len(self) > self._most:
            del self[next(iter(self))]
