from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)

from rasa_project.channels.transcript import transcript, wire_messages


def test_a_plain_text_is_one_message() -> None:
    assert wire_messages({"text": " Hello ", "timestamp": 12.5}) == [
        {"text": "Hello", "id": "bot-12.500000", "timestamp": 12.5, "sender": "bot"}
    ]


def test_everything_an_utterance_can_hold_goes_out_in_rasas_order() -> None:
    element = {"title": "Mug", "buttons": [{"title": "Buy", "payload": "/buy"}]}
    message = {
        "message_id": "m",
        "timestamp": 1.0,
        "text": "One\n\n\n\nTwo",
        "buttons": [{"title": "Yes", "payload": "/yes"}, {"title": "No"}],
        "custom": {"data": {"kind": "map"}, "room": "another conversation"},
        "image": "https://shop.example/mug.png",
        "attachment": {"type": "file"},
        "elements": [element],
    }
    envelope = {"timestamp": 1.0, "sender": "bot"}
    replies = [
        {"content_type": "text", "title": "Yes", "payload": "/yes"},
        {"content_type": "text", "title": "No", "payload": "No"},
    ]
    image = {"type": "image", "payload": {"src": "https://shop.example/mug.png"}}
    template = {"template_type": "generic", "elements": element}
    assert wire_messages(message) == [
        {"text": "One", "quick_replies": [], "id": "m", **envelope},
        {"text": "Two", "quick_replies": replies, "id": "m.1", **envelope},
        {"kind": "map", "id": "m.2", **envelope},
        {"attachment": image, "id": "m.3", **envelope},
        {"attachment": {"type": "file"}, "id": "m.4", **envelope},
        {"attachment": {"type": "template", "payload": template}, "id": "m.5", **envelope},
    ]


def test_custom_json_without_data_travels_whole() -> None:
    [message] = wire_messages({"custom": {"kind": "map"}, "message_id": "m"})
    assert message["custom"] == {"kind": "map"}


@pytest.mark.parametrize(
    ("metadata", "speaker"),
    [
        ({}, {"sender": "bot"}),
        ({"sender": "user"}, {"sender": "bot"}),
        ({"sender": "system", "agent": "Li"}, {"sender": "system"}),
        ({"sender": "agent", "agent": "Li"}, {"sender": "agent", "agent": "Li"}),
        ({"sender": "agent"}, {"sender": "agent", "agent": ""}),
    ],
)
def test_the_speaker_is_named_in_the_metadata(
    metadata: dict[str, Any], speaker: dict[str, Any]
) -> None:
    [message] = wire_messages({"text": "x", "message_id": "m", "timestamp": None, **metadata})
    assert message == {"text": "x", "id": "m", "timestamp": None, **speaker}


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": " \n\n "}, {"elements": []}])
def test_an_utterance_that_says_nothing_sends_nothing(message: dict[str, Any]) -> None:
    assert wire_messages(message) == []


def test_the_history_shows_what_was_said_and_nothing_else() -> None:
    agent = {"sender": "agent", "agent": "Li", "message_id": "a"}
    events = [
        SessionStarted(timestamp=1.0),
        UserUttered("hi", metadata={"message_id": "u1"}, timestamp=2.0),
        ActionExecuted("utter_greet", timestamp=3.0),
        BotUttered("Which?", {"buttons": [{"title": "My order", "payload": "/o "}]}, timestamp=4.0),
        UserUttered("/o", message_id="r1", metadata={}, timestamp=5.0),
        UserUtteranceReverted(timestamp=6.0),
        UserUttered.create_external("EXTERNAL_reminder"),
        BotUttered("Li here.", metadata=agent, timestamp=7.0),
    ]
    reply = {"content_type": "text", "title": "My order", "payload": "/o "}
    which = {"text": "Which?", "quick_replies": [reply], "id": "bot-4.000000", "timestamp": 4.0}
    assert transcript(events) == [
        {"text": "hi", "id": "u1", "timestamp": 2.0, "sender": "user"},
        {**which, "sender": "bot"},
        {"text": "My order", "id": "r1", "timestamp": 5.0, "sender": "user"},
        {"text": "Li here.", "id": "a", "timestamp": 7.0, "sender": "agent", "agent": "Li"},
    ]
