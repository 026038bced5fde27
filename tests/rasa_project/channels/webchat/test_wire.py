from __future__ import annotations

from typing import Any

import pytest

from rasa_project.channels.webchat.wire import wire_messages


def test_a_plain_text_is_one_message() -> None:
    assert wire_messages({"text": " Hello ", "timestamp": 12.5}, "bot-1") == [
        {"text": "Hello", "id": "bot-1", "timestamp": 12.5, "sender": "bot"}
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
    assert wire_messages(message, "n") == [
        {"text": "One", "quick_replies": [], "id": "m", **envelope},
        {"text": "Two", "quick_replies": replies, "id": "m.1", **envelope},
        {"kind": "map", "id": "m.2", **envelope},
        {"attachment": image, "id": "m.3", **envelope},
        {"attachment": {"type": "file"}, "id": "m.4", **envelope},
        {"attachment": {"type": "template", "payload": template}, "id": "m.5", **envelope},
    ]


def test_custom_json_without_data_travels_whole() -> None:
    [message] = wire_messages({"custom": {"kind": "map"}, "message_id": "m"}, "n")
    assert message["custom"] == {"kind": "map"}


@pytest.mark.parametrize(
    ("metadata", "speaker"),
    [
        ({}, {"sender": "bot"}),
        ({"sender": "user"}, {"sender": "bot"}),
        ({"sender": "system", "agent": "Li"}, {"sender": "system"}),
        ({"sender": "agent", "agent": "Li"}, {"sender": "agent", "agent": "Li"}),
        ({"sender": "agent"}, {"sender": "agent", "agent": ""}),
        (
            {"sender": "agent", "agent": "Li", "picture": "https://shop.example/li.png"},
            {"sender": "agent", "agent": "Li", "picture": "https://shop.example/li.png"},
        ),
    ],
)
def test_the_speaker_is_named_in_the_metadata(
    metadata: dict[str, Any], speaker: dict[str, Any]
) -> None:
    [message] = wire_messages({"text": "x", "message_id": "m", "timestamp": None, **metadata}, "n")
    assert message == {"text": "x", "id": "m", "timestamp": None, **speaker}


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": " \n\n "}, {"elements": []}])
def test_an_utterance_that_says_nothing_sends_nothing(message: dict[str, Any]) -> None:
    assert wire_messages(message, "n") == []
