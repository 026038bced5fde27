from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from emotion_component.classifier import Emotion
from rasa_project.conversations import conversation
from rasa_project.conversations.conversation import Conversation
from rasa_project.replay import classifying
from rasa_project.replay.classifying import classified
from tests.rasa_project.conversations.stored import answered, emotion, said, tracker


class ByFirstLetter:
    """A classifier that reads no more than a message's first letter; notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def predict(self, texts: Sequence[str]) -> list[Emotion]:
        self.asked.append(len(texts))
        names = {"a": "anger", "j": "joy"}
        return [
            Emotion(names[text[0]], 0.9, 0.8, -0.8 if text[0] == "a" else 0.8, 0.5, {"anger": 1.0})
            for text in texts
        ]


def talks(number: int, messages: int = 2) -> Iterator[Conversation]:
    for which in range(number):
        texts = [f"{'aj'[(which + each) % 2]} {which}" for each in range(messages)]
        events = [event for text in texts for event in (said(text), *answered())]
        one = tracker(str(which), events)
        yield conversation.read(one.sender_id, [event.as_dict() for event in one.events])


def names(talk: Conversation) -> list[str]:
    return [each.parse_data["emotion"]["name"] for each in talk.events if each.type_name == "user"]


def test_each_message_gets_its_own_emotion_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "BATCH", 5)
    model = ByFirstLetter()
    found = list(classified(talks(9), model))
    assert [each.id for each in found] == [each.id for each in talks(9)]
    assert [names(each) for each in found] == [["anger", "joy"], ["joy", "anger"]] * 4 + [
        ["anger", "joy"]
    ]
    assert (sum(model.asked), max(model.asked)) == (18, 5)


def test_few_conversations_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "BATCH", 4)
    read: list[str] = []

    def reading() -> Iterator[Conversation]:
        for talk in talks(100):
            read.append(talk.id)
            yield talk

    next(classified(reading(), ByFirstLetter()))
    assert read == ["0", "1"]


def test_a_stored_emotion_stays_and_a_streak_goes_on_from_it() -> None:
    one = tracker("a", [said("known", emotion("anger")), *answered(), said("angry"), *answered()])
    stored = conversation.read("a", [event.as_dict() for event in one.events])
    model = ByFirstLetter()
    [found] = classified([stored], model)
    messages = [each for each in found.events if each.type_name == "user"]
    assert model.asked == [1]
    assert messages[0].parse_data["emotion"] == emotion("anger")
    assert messages[1].parse_data["emotion"]["streak"] == 2
