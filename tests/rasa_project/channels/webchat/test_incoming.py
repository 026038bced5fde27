from __future__ import annotations

from typing import Any

import pytest

from rasa_project.channels.webchat.incoming import (
    MAX_ID_CHARACTERS,
    Incoming,
    read_message,
)
from rasa_project.channels.webchat.refusals import Rejected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, Incoming("", {}, None)),
        ({"message": "hi", "metadata": None}, Incoming("hi", {}, None)),
        ({"message": "hi", "metadata": "{}"}, Incoming("hi", {}, None)),
        (
            {"message": "hi", "metadata": {"message_id": "m", "language": "zh"}},
            Incoming("hi", {"message_id": "m", "language": "zh"}, "m"),
        ),
        ({"message": "\ud83d!", "session_id": "s"}, Incoming("?!", {}, None)),
    ],
)
def test_a_message_is_read_with_its_metadata(data: dict[str, Any], message: Incoming) -> None:
    assert read_message(data, "metadata") == message


def test_metadata_stands_under_the_configured_key() -> None:
    data = {"message": "hi", "customData": {"page": 7}, "metadata": {"page": 8}}
    assert read_message(data, "customData").metadata == {"page": 7}


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"message_id": ""}, "wrong_type"),
        ({"message_id": "m" * (MAX_ID_CHARACTERS + 1)}, "wrong_type"),
        ({"raw": b"bytes"}, "wrong_type"),
        ("[]", "wrong_type"),
        ("[" * 9_000, "wrong_type"),
        ("x" * 10_001, "too_long"),
        ({"text": "x" * 10_000}, "too_long"),
    ],
)
def test_metadata_that_cannot_be_stored_is_refused(metadata: Any, reason: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read_message({"message": "hi", "metadata": metadata}, "metadata")
    assert (refusal.value.message_id, refusal.value.reason) == (None, reason)
