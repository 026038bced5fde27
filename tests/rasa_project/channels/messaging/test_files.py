"""What agents attach, on channels of other services."""

from __future__ import annotations

from rasa_project.channels.messaging.composing import compose
from rasa_project.channels.messaging.part import Part
from rasa_project.channels.messaging.provider import Limits

PICTURE = {"kind": "image", "id": "f1", "stored": True, "url": "https://chat.example/f1/a.png"}
PAPER = {"kind": "file", "id": "f2", "stored": True, "url": "https://chat.example/f2/b.pdf"}


def test_an_agents_files_follow_the_words_by_their_addresses() -> None:
    said = {"text": "Here you are.", "attachments": [PICTURE, PAPER]}
    assert compose(said, "telegram", Limits(text=4_000)) == [
        Part("text", text="Here you are."),
        Part("image", url="https://chat.example/f1/a.png"),
        Part("file", url="https://chat.example/f2/b.pdf"),
    ]


def test_what_only_stands_for_the_files_is_not_said() -> None:
    said = {"text": "📷 📎", "attachments": [PICTURE, {"kind": "file", "id": "f3"}]}
    assert compose(said, "telegram", Limits(text=4_000)) == [
        Part("image", url="https://chat.example/f1/a.png")
    ]
