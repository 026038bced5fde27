from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rasa_project.channels.webchat.identity import Customer, Identity
from rasa_project.channels.webchat.refusals import Rejected

SECRET = "what shop and chat share, 32 long"
BY_JWT = Identity({"secret": SECRET})
BY_HMAC = Identity({"secret": SECRET, "method": "hmac"})


def claims(**more: Any) -> dict[str, Any]:
    return {"sub": "7", "iat": time.time(), "exp": time.time() + 300, **more}


def refusal(identity: Identity, shown: object) -> str:
    with pytest.raises(Rejected) as refused:
        identity.verify(shown)
    return refused.value.reason


def test_the_shops_jwt_names_the_customer_and_what_is_known() -> None:
    token = jwt.encode(claims(name="Ana", email="ana@shop.example", admin=True, phone=7), SECRET)
    known = {"name": "Ana", "email": "ana@shop.example"}
    assert BY_JWT.verify(token) == Customer("7", known)


def test_the_shops_hmac_names_the_customer() -> None:
    signature = hmac.new(SECRET.encode(), "客户 7".encode(), hashlib.sha256).hexdigest()
    assert BY_HMAC.verify({"user_id": "客户 7", "hash": signature}) == Customer("客户 7", {})


def test_a_public_key_verifies_what_the_shop_signs_with_its_own() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    identity = Identity({"secret": public.decode()})
    assert identity.verify(jwt.encode(claims(), key, "ES256")).id == "7"
    # The public key is no secret: it must not pass as one.
    header_and_body = jwt.encode(claims(), "x" * 32).rsplit(".", 1)[0].encode()
    forged = hmac.new(public, header_and_body, hashlib.sha256).digest()
    signature = jwt.utils.base64url_encode(forged).decode()
    assert refusal(identity, f"{header_and_body.decode()}.{signature}") == "identity"


def test_an_old_jwt_is_told_from_a_forged_one() -> None:
    old = jwt.encode({"sub": "7", "iat": 1_000, "exp": 1_300}, SECRET)
    assert refusal(BY_JWT, old) == "identity_expired"


@pytest.mark.parametrize(
    "sign",
    [
        lambda: jwt.encode(claims(), "another secret of at least thirty-two"),
        lambda: jwt.encode(claims(exp=time.time() + 90_000), SECRET),  # of use for a day
        lambda: jwt.encode({"sub": "7", "iat": time.time()}, SECRET),
        lambda: jwt.encode(claims(sub=""), SECRET),
        lambda: jwt.encode(claims(sub="x" * 256), SECRET),
        lambda: jwt.encode(claims(), "", "none"),
    ],
    ids=["another-secret", "a-day", "no-end", "nobody", "a-long-name", "no-signature"],
)
def test_what_the_shop_did_not_sign_so_names_nobody(sign: Callable[[], str]) -> None:
    assert refusal(BY_JWT, sign()) == "identity"


@pytest.mark.parametrize(
    "shown",
    [
        {"user_id": "7", "hash": hmac.new(SECRET.encode(), b"7", hashlib.sha256).hexdigest()},
        "", "a.b.c", "\ud800", 7, None, [], "x" * 9_999,
    ],
)  # fmt: skip
def test_what_is_no_jwt_names_nobody(shown: object) -> None:
    assert refusal(BY_JWT, shown) == "identity"


@pytest.mark.parametrize(
    "shown",
    [
        jwt.encode(claims(), SECRET),
        {"user_id": "7", "hash": "0" * 64},
        {"user_id": "7", "hash": "é"},
        {"user_id": "\ud800", "hash": "0"},
        {"user_id": 7, "hash": ""},
        {"user_id": "7"},
        None,
    ],
)
def test_another_hash_or_none_names_nobody(shown: object) -> None:
    assert refusal(BY_HMAC, shown) == "identity"


def test_a_server_without_a_secret_believes_nobody() -> None:
    assert refusal(Identity(None), jwt.encode(claims(), SECRET)) == "identity"


def test_the_example_in_the_documentation_is_believed() -> None:
    page = (Path(__file__).parents[4] / "docs" / "widget.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    shop: dict[str, Any] = {}
    exec(example, shop)
    ana = SimpleNamespace(id=7, name="Ana", email="ana@shop.example")
    shown = shop["chat_identity"](ana, SECRET)
    assert BY_JWT.verify(shown) == Customer("7", {"name": "Ana", "email": "ana@shop.example"})
