from __future__ import annotations

import pytest
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.session import SessionSigner

SIGNER = SessionSigner("0123456789abcdef")


def test_an_issued_token_opens_its_conversation() -> None:
    session = SIGNER.issue()
    assert SIGNER.open(session.token) == session
    assert session.token.startswith(f"{session.conversation}.")


def test_conversations_are_128_random_bits() -> None:
    conversations = {SIGNER.issue().conversation for _ in range(100)}
    assert len(conversations) == 100
    assert {len(bytes.fromhex(conversation)) for conversation in conversations} == {16}


def test_another_servers_token_opens_nothing() -> None:
    assert SessionSigner("fedcba9876543210").open(SIGNER.issue().token) is None


def test_a_signature_opens_no_other_conversation() -> None:
    mine, other = SIGNER.issue(), SIGNER.issue()
    signature = mine.token.partition(".")[2]
    assert SIGNER.open(f"{other.conversation}.{signature}") is None


@pytest.mark.parametrize(
    "change", [str.upper, lambda t: t[:-1], lambda t: t + "0", lambda t: t + "."]
)
def test_a_token_changed_anywhere_opens_nothing(change: object) -> None:
    assert callable(change)
    assert SIGNER.open(change(SIGNER.issue().token)) is None


@pytest.mark.parametrize(
    "token", [None, 7, [], {}, b"x.y", "", ".", "é.ü", "\ud800.\ud800", "x" * 9_999]
)
def test_what_is_no_token_opens_nothing(token: object) -> None:
    assert SIGNER.open(token) is None


@pytest.mark.parametrize("secret", [None, "", "fifteen letters", 1234567890123456])
def test_a_secret_too_short_to_sign_with_is_refused(secret: object) -> None:
    with pytest.raises(InvalidConfigException, match="at least 16 characters"):
        SessionSigner(secret)
