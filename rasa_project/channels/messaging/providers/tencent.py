"""What WeChat and WeCom have in common: encrypted callbacks in XML.

"Message encryption and decryption instructions" (消息加解密说明) of WeChat's Official Accounts and
"Encryption and decryption scheme" (加解密方案说明) of WeCom describe one scheme.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from typing import Final
from xml.etree.ElementTree import ParseError

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import SecretStr

from rasa_project.channels.messaging.request import Request
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

_KEY: Final = re.compile(r"[A-Za-z0-9]{43}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9]{16,32}")  # three characters would do for them
_PADDED_TO_BITS: Final = 256  # 32 bytes, twice the cipher's block
_RANDOM_BYTES: Final = 16
_LENGTH: Final = struct.Struct("!I")


class Envelope:
    """Opens what comes in.

    Args:
        token: Of the settings, signs.
        encoding_aes_key: Of the settings, encrypts: 43 characters of base64.
        receiver: Whose the content must be: the account's AppID, or the corporation's CorpID.
    """

    def __init__(self, token: str, encoding_aes_key: str, receiver: str) -> None:
        self._token = token
        self._key = base64.b64decode(f"{encoding_aes_key}=")
        self._receiver = receiver.encode()

    def require_signed(self, request: Request, encrypted: str) -> None:
        """Hold that the signature over the encrypted content is right, and the request new.

        Raises:
            Refused: It is not.
        """
        query = request.query
        said = [query.get("timestamp", ""), query.get("nonce", ""), encrypted]
        expected = signature(self._token, *said)
        signatures.require_same(query.get("msg_signature", ""), expected)
        signatures.require_fresh(signatures.seconds(said[0]), request.at)

    def open(self, encrypted: str) -> bytes:
        """Decrypt a content.

        Raises:
            Refused: It is for somebody else.
            ValueError: It is damaged.
        """
        cipher = Cipher(AES(self._key), CBC(self._key[:16])).decryptor()
        padded = cipher.update(base64.b64decode(encrypted, validate=True)) + cipher.finalize()
        unpadder = PKCS7(_PADDED_TO_BITS).unpadder()
        plain = (unpadder.update(padded) + unpadder.finalize())[_RANDOM_BYTES:]
        if len(plain) < _LENGTH.size:
            raise ValueError("too short")
        length = _LENGTH.unpack_from(plain)[0]
        content, receiver = plain[_LENGTH.size :][:length], plain[_LENGTH.size + length :]
        if len(content) != length:
            raise ValueError("cut off")
        if receiver != self._receiver:
            raise Refused(401, "The content is encrypted for somebody else.")
        return content


def signature(token: str, *said: str) -> str:
    """Sign as both services do: SHA-1 over the sorted values."""
    return hashlib.sha1("".join(sorted([token, *said])).encode("utf-8", "replace")).hexdigest()


def fields(body: bytes) -> dict[str, str]:
    """Read the XML of a callback: the texts of its elements by their names, in one level.

    Raises:
        Refused: It is no XML, or has a document type, which could blow up or name files.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise Refused(400, "The content is no XML of the documented form.") from error
    return {str(element.tag): element.text or "" for element in root}


def require_key(value: SecretStr) -> SecretStr:
    """Hold that an EncodingAESKey is one; for pydantic's validators."""
    if not _KEY.fullmatch(value.get_secret_value()):
        raise ValueError("must be the 43 letters and digits of the console's EncodingAESKey")
    return value


def require_token(value: SecretStr) -> SecretStr:
    """Hold that the callback's token cannot be guessed; for pydantic's validators."""
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("must be 16 to 32 letters and digits")
    return value
