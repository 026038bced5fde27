"""Judges the messages of old conversations that were stored without an emotion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from emotion_component import course, manner, trajectory
from emotion_component.classifier import Emotion, is_readable
from emotion_component.course import Course
from rasa_project.conversations.conversation import Conversation, StoredEvent
from rasa_project.replay import records

# Texts in one call of the model: enough to be quick, and a few kilobytes of memory.
BATCH: Final = 128
# How loud a customer usually is does not depend on what the words say.
_ANY_EMOTION: Final = Emotion.neutral().to_dict() | {"scores": {"neutral": 1.0}}


class Classifier(Protocol):
    """What `classifier.load` gives, as far as it is used here."""

    def predict(self, texts: Sequence[str]) -> list[Emotion]:
        """Judge messages, each by itself."""


def classified(conversations: Iterable[Conversation], model: Classifier) -> Iterator[Conversation]:
    """Give each message of a customer its emotion, where it has none.

    Conversations are taken together until there are texts for a batch, and given back in order.
    """
    waiting: list[Conversation] = []
    texts: list[str] = []
    for conversation in conversations:
        waiting.append(conversation)
        texts += _texts(conversation)
        if len(texts) >= BATCH:
            yield from _filled(waiting, _judged(model, texts))
            waiting, texts = [], []
    yield from _filled(waiting, _judged(model, texts))


def _judged(model: Classifier, texts: Sequence[str]) -> Iterator[Emotion]:
    for start in range(0, len(texts), BATCH):
        yield from model.predict(texts[start : start + BATCH])


def _filled(
    conversations: Iterable[Conversation], emotions: Iterator[Emotion]
) -> Iterator[Conversation]:
    for conversation in conversations:
        events: list[StoredEvent] = []
        for event in conversation.events:
            if _lacks_emotion(event):
                event = event.with_emotion(_described(next(emotions), event.text, events))
            events.append(event)
        yield replace(conversation, events=tuple(events))


def _texts(conversation: Conversation) -> Iterator[str]:
    """Give what is to be judged, evened by the customer's habit as the component does."""
    heard = Course()
    for event in conversation.events:
        if records.begins_anew(event):
            heard = Course()
        elif event.type_name == "user":
            if _lacks_emotion(event):
                yield manner.even(event.text, heard.habit())
            if is_readable(event.text):
                heard = heard.after(_ANY_EMOTION, event.text)


def _described(emotion: Emotion, text: str, before: Sequence[StoredEvent]) -> dict[str, object]:
    """Add what comes from the turns before, as the component does inside a conversation."""
    described = emotion.to_dict()
    now = trajectory.so_far(before).after(described, text)
    return {**described, "trend": now.trend, "streak": now.streak, course.KEY: now.to_dict()}


def _lacks_emotion(event: StoredEvent) -> bool:
    return event.type_name == "user" and not event.parse_data.get("emotion")
