"""Signed session tokens: who may read and write which conversation.

A token is `<conversation id>.<signature>`. The conversation id is Rasa's sender id and shows up
in logs, in the tracker store and in the agents' desk, so it must not be a key by itself; only
the server, which knows the secret, can make the signature that opens it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from rasa.shared.exceptions import InvalidConfigException

MIN_SECRET_LENGTH = 16
_CONVERSATION_ID_BYTES = 16
# Keeps a signature made here from being valid anywhere else the same secret may be used.
_PURPOSE = b"attune webchat session\x00"


@dataclass(frozen=True)
class Session:
    """A customer's claim to one conversation.

    Attributes:
        conversation: Rasa's sender id, 32 hexadecimal digits. Opens nothing by itself.
        token: What the customer's browser keeps and shows.
    """

    conversation: str
    token: str


class SessionSigner:
    """Issues session tokens and opens those it issued.

    Args:
        secret: The signing key, at least `MIN_SECRET_LENGTH` characters long.

    Raises:
        InvalidConfigException: If the secret is missing or too short.
    """

    def __init__(self, secret: object) -> None:
        if not isinstance(secret, str) or len(secret) < MIN_SECRET_LENGTH:
            received = "none" if secret is None else f"one of length {len(str(secret))}"
            raise InvalidConfigException(
                f"The webchat channel needs a `secret` of at least {MIN_SECRET_LENGTH} characters "
                f"to sign sessions with. Received: {received}. Set it in credentials.yml under "
                "rasa_project.channels.webchat.WebChatInput, best as "
                "`secret: ${ATTUNE_WEBCHAT_SECRET}`; `python -c 'import secrets; "
                "print(secrets.token_hex(32))'` makes one."
            )
        self._key = secret.encode()

    def issue(self) -> Session:
        """Starts a new conversation under an id that cannot be guessed."""
        conversation = secrets.token_hex(_CONVERSATION_ID_BYTES)
        return Session(conversation, f"{conversation}.{self._sign(conversation)}")

    def open(self, token: object) -> Session | None:
        """Returns the session that `token` stands for, or None if this server never issued it."""
        if not isinstance(token, str):
            return None
        conversation, _, signature = token.partition(".")
        expected = self._sign(conversation)
        # Bytes, because `compare_digest` refuses strings with characters beyond ASCII.
        if not hmac.compare_digest(_bytes(signature), expected.encode()):
            return None
        return Session(conversation, token)

    def _sign(self, conversation: str) -> str:
        return hmac.new(self._key, _PURPOSE + _bytes(conversation), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    """Encodes whatever a client sent, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")
