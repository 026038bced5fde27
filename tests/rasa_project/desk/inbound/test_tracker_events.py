from __future__ import annotations

import json
from typing import Any

import pytest

from rasa_project.desk.inbound import tracker_events
from rasa_project.desk.inbound.tracker_events import (
    ActionTaken,
    BrokenEvent,
    CustomerTurn,
    Decision,
    Row,
    SlotsReset,
    SlotValue,
    Utterance,
)
from tests.rasa_project.desk.rasa_like import DECISION, STREAK, bot, emotion, slot, user


def read(event: dict[str, Any]) -> tracker_events.Fact | None:
    return tracker_events.read(Row(1, "c", event["event"], 1.0, json.dumps(event)))


def read_text(type_name: str, data: str) -> tracker_events.Fact | None:
    return tracker_events.read(Row(1, "c", type_name, 1.0, data))


def test_a_customers_turn_keeps_of_its_emotion_what_is_shown() -> None:
    heard = user("hello", emotion(), language="zh", title="Hello!", reply_until=1_800_000_000)
    assert read(heard) == CustomerTurn(
        text="hello",
        title="Hello!",
        emotion={
            "name": "anger", "confidence": 0.9, "intensity": 0.83, "valence": -0.78,
            "arousal": 0.7, "trend": -0.3, "streak": 2.0, "forecast": 0.62, "abstained": False,
            "language": "en",
        },
        channel="webchat",
        language="en",
        intent="talk",
        reply_until=1_800_000_000.0,
    )  # fmt: skip


def test_who_spoke_on_the_bots_side_is_told_by_the_metadata() -> None:
    button = {"title": "Refund", "payload": "/refund"}
    said = {
        **bot("Hi", sender="agent", agent="Li", message_id="m-1"),
        "data": {"buttons": [button]},
    }
    assert [read(said), read(bot("Hi", sender="customer"))] == [
        Utterance("agent", "Li", "Hi", "m-1", [button]),
        Utterance("bot", None, "Hi", None, []),
    ]


def test_an_utterance_without_text_is_stood_in_for() -> None:
    picture = {"event": "bot", "text": None, "data": {"image": "https://shop.example/a.png"}}
    nothing: dict[str, Any] = {"event": "bot", "text": None, "data": {}}
    assert [read(picture), read(nothing)] == [
        Utterance("bot", None, "[image] https://shop.example/a.png", None, []),
        None,
    ]


def test_what_the_bot_did_is_read_but_not_that_it_listened() -> None:
    done: dict[str, Any] = {"event": "action", "name": "utter_greet", "confidence": 0.93}
    broken: dict[str, Any] = {"event": "action", "name": {"a": 1}, "confidence": "much"}
    waiting: list[dict[str, Any]]
    waiting = [{"event": "action", "name": name} for name in ("action_listen", "")]
    assert [read(event) for event in (done, broken, *waiting)] == [
        ActionTaken("utter_greet", 0.93),
        None,
        None,
        None,
    ]


def test_slots_decisions_and_restarts_are_read() -> None:
    action = {"event": "action", "name": "action_handoff", "metadata": {"escalation": DECISION}}
    quiet = {"event": "action", "metadata": {"escalation": {"escalate": False, "score": 0.1}}}
    events = [slot("a", [1]), action, quiet, {"event": "restart"}, {"event": "reset_slots"}]
    assert [read(event) for event in events] == [
        SlotValue("a", [1]),
        Decision({"score": 0.7, "reasons": [STREAK]}, "action_handoff"),
        None,
        SlotsReset(restarted=True),
        SlotsReset(restarted=False),
    ]


def test_what_the_customer_did_not_say_is_no_turn() -> None:
    assert read(user("EXTERNAL: reminder", is_external=True)) is None


def test_unknown_events_mean_nothing() -> None:
    assert read_text("a_later_invention", "{broken") is None


@pytest.mark.parametrize(
    "data", ["{broken", "[]", "null", '"text"', '{"value": 1}', "[" * 100_000, "\0"]
)
def test_a_broken_event_says_so(data: str) -> None:
    with pytest.raises(BrokenEvent):
        read_text("slot", data)


@pytest.mark.parametrize("feels", [None, "angry", [], {"name": 3}, {}])
def test_an_emotion_of_another_shape_is_none(feels: Any) -> None:
    turn = read(user("hello", feels))
    assert isinstance(turn, CustomerTurn)
    assert turn.emotion is None


def test_what_neither_a_database_nor_a_browser_takes_is_replaced() -> None:
    data = (
        '{"event": "user", "text": "a\\ud800b\\u0000c", "metadata": "x", "input_channel": 5,'
        ' "parse_data": {"emotion": {"name": "anger", "valence": NaN, "intensity": Infinity}}}'
    )
    turn = read_text("user", data)
    assert isinstance(turn, CustomerTurn)
    assert turn.emotion is not None
    assert (turn.text, turn.channel, turn.emotion["valence"], turn.emotion["intensity"]) == (
        "a?b\ufffdc",
        None,
        None,
        None,
    )


def test_texts_are_bounded() -> None:
    turn = read(user("x" * 1_000_000))
    assert isinstance(turn, CustomerTurn)
    assert len(turn.text) == tracker_events.MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), ("", None), ([], None), ("10472", "10472"), (["a", 1], '["a", 1]'), (0, "0")],
)
def test_a_fact_is_one_short_line(value: Any, text: str | None) -> None:
    assert tracker_events.fact_text(value) == text


def test_files_come_with_the_words_and_a_sign_stands_for_them_alone() -> None:
    file = {"kind": "image", "id": "f1", "name": "a.png", "mime_type": "image/png", "size": 7}
    held = {**file, "stored": True}
    turn = read(user("look", None, attachments=[{**held, "size": -1, "more": 1}, "broken"]))
    said = read({**bot("", sender="agent", agent="Li", attachments=[held]), "text": None})
    assert isinstance(turn, CustomerTurn)
    assert isinstance(said, Utterance)
    assert turn.attachments == ({key: held[key] for key in held if key != "size"},)
    assert (said.text, said.attachments) == ("📷", (held,))
