from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rasa.core.brokers.file import FileEventBroker

from rasa_project.conversations import exports
from rasa_project.conversations.conversation import ConversationsError
from rasa_project.conversations.exports import ExportedFile
from tests.rasa_project.conversations.stored import answered, emotion, exported, said, tracker

TALKS = [
    exported(tracker("b", [said('hello {["', emotion("joy"), "greet"), *answered()])),
    exported(tracker("a", [said("我要投诉\n\n第二行", emotion("anger"))])),
]
EVENTS = {talk["sender_id"]: talk["events"] for talk in TALKS}
WAYS = {
    "a list": json.dumps(TALKS),
    "an indented list": "\n" + json.dumps(TALKS, indent=2, ensure_ascii=False) + "\n",
    "one a line": "\n".join(map(json.dumps, TALKS)),
    "one a line, empty ones between": "\n\n".join(map(json.dumps, TALKS)) + "\n\n",
}


def read(path: Path) -> dict[str, Any]:
    return {each.id: [event.data for event in each.events] for each in ExportedFile(path)}


@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
@pytest.mark.parametrize("way", WAYS)
def test_trackers_are_read_however_they_stand_in_the_file(
    tmp_path: Path, way: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_CHUNK", chunk)
    path = tmp_path / "talks.json"
    path.write_text(WAYS[way], encoding="utf-8")
    assert read(path) == EVENTS


def test_one_tracker_is_read_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(TALKS[0], indent=4), encoding="utf-8-sig")
    assert read(path) == {"b": EVENTS["b"]}


def test_the_mixed_events_of_rasas_file_broker_are_brought_together(tmp_path: Path) -> None:
    path = tmp_path / "events.log"
    broker = FileEventBroker(str(path))
    for event in EVENTS["b"]:
        broker.publish({**event, "sender_id": "b"})
        broker.publish({**EVENTS["a"][0], "sender_id": "a"})
    found = {each.id: [event.type_name for event in each.events] for each in ExportedFile(path)}
    assert found == {"a": ["user"] * 4, "b": [event["event"] for event in EVENTS["b"]]}


def test_one_conversation_is_found_and_another_is_not(tmp_path: Path) -> None:
    path = tmp_path / "talks.json"
    path.write_text(json.dumps(TALKS))
    found = ExportedFile(path).find("a")
    assert found is not None
    assert found.events[0].text == "我要投诉\n\n第二行"
    assert ExportedFile(path).find("c") is None


@pytest.mark.parametrize("text", ["", "  \n", "[]", "[ ]\n"])
def test_a_file_without_conversations_gives_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "talks.json"
    path.write_text(text)
    assert list(ExportedFile(path)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"sender_id": "a", "events": []},\n {"sender_id": oops}]', r"line 2: .*Expecting value"),
        ('{"sender_id": "a",\n "events": [', r"line 2: .*not JSON"),
        ('[{"sender_id": "a", "events": []}', "line 1: .*not JSON"),
        ("hello", "line 1: .*not JSON"),
        ('{"orders": []}', "Received an object with the keys orders"),
        ('{"events": null, "sender_id": "a"}', "Received the keys events, sender_id"),
        ('["a", "b"]', "must hold JSON objects. Received: 'a'"),
        ("[" * 100_000, "line 1: .*not JSON"),
    ],
)
def test_what_is_no_export_is_said_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "talks.json"
    path.write_text(text)
    with pytest.raises(ConversationsError, match=says):
        list(ExportedFile(path))


def test_an_emotion_without_its_figures_is_none(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(exported(tracker("a", [said("hi", {"name": "anger"})]))))
    [conversation] = ExportedFile(path)
    assert conversation.events[0].parse_data["emotion"] is None
