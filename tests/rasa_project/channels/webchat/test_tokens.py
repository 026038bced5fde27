from __future__ import annotations

import time
from collections.abc import Callable

import jwt
import pytest

from rasa_project.channels.webchat.keys import GivenKeys, key_id
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.tokens import SessionTokens

SECRET, OTHER = "s" * 32, "t" * 32
TOKENS = SessionTokens(GivenKeys([SECRET]), 30)


def refusal(tokens: SessionTokens, token: object) -> str:
    with pytest.raises(Rejected) as refused:
        tokens.open(token)
    return refused.value.reason


def test_an_issued_token_opens_its_session() -> None:
    session = TOKENS.issue("conversation", customer=True)
    assert TOKENS.open(session.token) == session
    assert (session.sender, session.customer) == ("conversation", True)


def test_conversations_and_sessions_are_128_random_bits() -> None:
    sessions = [TOKENS.issue() for _ in range(100)]
    ids = {session.sender for session in sessions} | {session.id for session in sessions}
    assert len(ids) == 200
    assert {len(bytes.fromhex(one)) for one in ids} == {16}


def test_a_token_lives_on_after_the_key_was_changed_until_the_old_one_is_removed() -> None:
    token = TOKENS.issue().token
    assert SessionTokens(GivenKeys([OTHER, SECRET]), 30).open(token).token == token
    assert refusal(SessionTokens(GivenKeys([OTHER]), 30), token) == "session"


def test_a_token_that_is_shown_late_in_its_life_is_renewed_within_its_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = TOKENS.issue()
    assert TOKENS.renewed(session) is session
    day, now = 86_400, time.time()
    monkeypatch.setattr(time, "time", lambda: now + 20 * day)
    renewed = TOKENS.renewed(session)
    assert (renewed.id, renewed.sender) == (session.id, session.sender)
    assert renewed.expires == pytest.approx(now + 50 * day)


def test_an_expired_token_is_told_from_a_forged_one() -> None:
    tokens = SessionTokens(GivenKeys([SECRET]), 1e-9)
    token = tokens.issue().token
    time.sleep(1.1)  # a JWT's end is in whole seconds
    assert refusal(tokens, token) == "expired"


CLAIMS = {"aud": "attune-webchat", "sid": "a", "sub": "b", "iat": 1, "exp": 9_999_999_999}


@pytest.mark.parametrize(
    ("claims", "secret", "algorithm"),
    [
        (CLAIMS, OTHER, "HS256"),
        (CLAIMS, SECRET + "s" * 32, "HS512"),
        ({**CLAIMS, "aud": "another"}, SECRET, "HS256"),
        ({key: CLAIMS[key] for key in CLAIMS if key != "exp"}, SECRET, "HS256"),
        ({key: CLAIMS[key] for key in CLAIMS if key != "sid"}, SECRET, "HS256"),
        (CLAIMS, "", "none"),
    ],
)
def test_a_token_made_elsewhere_opens_nothing(
    claims: dict[str, object], secret: str, algorithm: str
) -> None:
    headers = {"kid": key_id(SECRET)}
    token = jwt.encode(claims, secret, algorithm=algorithm, headers=headers)
    assert refusal(TOKENS, token) == "session"


@pytest.mark.parametrize(
    "change", [str.upper, lambda t: t[:-2], lambda t: t + "0", lambda t: t + ".", lambda t: t[1:]]
)
def test_a_token_changed_anywhere_opens_nothing(change: Callable[[str], str]) -> None:
    assert refusal(TOKENS, change(TOKENS.issue().token)) == "session"


def test_a_signature_opens_no_other_conversation() -> None:
    mine, other = TOKENS.issue().token.split("."), TOKENS.issue().token.split(".")
    assert refusal(TOKENS, ".".join([*other[:2], mine[2]])) == "session"


@pytest.mark.parametrize(
    "token", [None, 7, [], {}, b"x.y", "", ".", "..", "é.ü", "\ud800.\ud800", "x" * 9_999]
)
def test_what_is_no_token_opens_nothing(token: object) -> None:
    assert refusal(TOKENS, token) == "session"
