"""What the imitations of WeChat and WeCom share: encrypted callbacks, signed in the address.

After "消息加解密说明" (developers.weixin.qq.com) and "加解密方案说明"
(developer.work.weixin.qq.com): AES-256-CBC, the key also the first vector, padded to 32 bytes;
16 random bytes, the length in four bytes, the XML, and whose it is; SHA-1 over token, timestamp,
nonce and the encrypted content, sorted.
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService

CALLBACK_TOKEN = "TokenOfTheTestsAlone"
AES_KEY = base64.b64encode(b"a key that only the tests know !").decode().rstrip("=")


class FakeTencent(FakeService):
    """A service whose callbacks are encrypted.

    A delivery's headers are the parameters of the address here, for that is where the signature
    stands.
    """

    receiver = ""  # whose what is encrypted is

    def envelope(self, customer: str, kind: str) -> dict[str, Any]:
        return {
            "ToUserName": "gh_shop",
            "FromUserName": customer,
            "CreateTime": int(time.time()),
            "MsgType": kind,
        }

    def delivery(self, event: Any) -> Delivery:
        return self.sealed(xml(event))

    def sealed(self, content: bytes, receiver: str | None = None) -> Delivery:
        encrypted = encrypt(content, self.receiver if receiver is None else receiver)
        body = xml({"ToUserName": "gh_shop", "Encrypt": encrypted})
        return Delivery(body, signed(encrypted))

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.hook, data=body, params=headers) as answer,
        ):
            return answer.status, await answer.text()

    async def greet(self, query: dict[str, str]) -> tuple[int, str]:
        """Check the address, as when it is entered in the console."""
        async with aiohttp.ClientSession() as http, http.get(self.hook, params=query) as answer:
            return answer.status, await answer.text()


def signed(encrypted: str, at: float | None = None) -> dict[str, str]:
    timestamp, nonce = str(int(time.time() if at is None else at)), "1320562132"
    signature = sha1(CALLBACK_TOKEN, timestamp, nonce, encrypted)
    return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}


def sha1(*values: str) -> str:
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()


def encrypt(content: bytes, receiver: str) -> str:
    key = base64.b64decode(f"{AES_KEY}=")
    plain = os.urandom(16) + len(content).to_bytes(4, "big") + content + receiver.encode()
    missing = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    padded = plain + bytes([missing]) * missing
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def xml(values: dict[str, Any]) -> bytes:
    lines = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in values.items())
    return f"<xml>{lines}</xml>".encode("utf-8", "surrogatepass")
