"""A customer's turn and the id of their conversation."""

from __future__ import annotations

import re

import pytest

from rasa_project.channels.messaging.turn import (
    Attachment,
    Location,
    Turn,
    conversation_of,
    customer_in,
)

BOTH = (Attachment("image"), Attachment("sticker", text="😡"))


@pytest.mark.parametrize(
    ("customer", "conversation"),
    [
        ("4711", "line:4711"),
        ("ana+shop@example.com", "line:ana+shop@example.com"),
        ("29:1a-b_c;x=y", "line:29:1a-b_c;x=y"),
        ("a/b?c#d%e~f g", "line:a~2Fb~3Fc~23d~25e~7Ef~20g"),
        ("小明", "line:~E5~B0~8F~E6~98~8E"),
    ],
)
def test_a_conversations_id_needs_no_quoting_and_leads_back(
    customer: str, conversation: str
) -> None:
    assert conversation_of("line", customer) == conversation
    assert re.fullmatch(r"[\w:@+=,;.~-]+", conversation)
    assert customer_in(conversation, "line") == customer
    assert customer_in("4711", "line") == "4711"  # of the time before this channel


def test_a_turn_comes_back_as_it_was_stored() -> None:
    turn = Turn(
        id="a", customer="1", text="b", order=1.0, attachments=(Attachment("image", id="c"),),
        location=Location(1.0, 2.0), route={"d": {"e": [1]}},
    )  # fmt: skip
    assert Turn.from_dict(turn.to_dict()) == turn


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn("a", "1", "  //order "), "order"),
        (Turn("a", "1", attachments=BOTH), "📷 😡"),
        (Turn("a", "1", location=Location(1.0, 2.0)), "📍"),
        (Turn("a", "1", "/start", begin="/greet"), "/greet"),
        (Turn("a", "1", " / "), ""),
    ],
)  # fmt: skip
def test_what_rasa_hears(turn: Turn, words: str) -> None:
    assert turn.words() == words


def test_metadata_holds_what_is_known_and_no_more() -> None:
    assert Turn("a", "1", "b").metadata() == {"message_id": "a"}
    turn = Turn("a", "1", "b", language="pt_BR", time_zone="America/Bahia", extra={"start": "x"})
    assert turn.metadata() == {
        "message_id": "a", "language": "pt", "locale": "pt_BR", "time_zone": "America/Bahia",
        "start": "x",
    }  # fmt: skip
