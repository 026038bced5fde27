"""Replies of the generator in tests: one at a time, over a conversation, and its wordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rasa.shared.utils.io
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    BotUttered,
    Event,
    UserUttered,
)
from rasa.utils.endpoints import EndpointConfig

from emotion_component.rasa_replies import ACKNOWLEDGEMENTS_FILE, EmpathicReplies
from tests.emotion_component.conversation import domain, tracker

ZH = [{"type": "slot", "name": "language", "value": "zh"}]
EN = [{"type": "slot", "name": "language", "value": "en"}]


def bot(**replies: list[dict[str, Any]]) -> Domain:
    return domain({"intents": ["complain"], "responses": replies})


async def say(
    of: Domain,
    reply: str,
    events: list[Event],
    language: str | None = "en",
    channel: str = "rest",
    **settings: Any,
) -> dict[str, Any] | None:
    endpoint = EndpointConfig(type=f"{EmpathicReplies.__module__}.EmpathicReplies", **settings)
    generator = NaturalLanguageGenerator.create(endpoint, of)
    assert isinstance(generator, EmpathicReplies)
    message: dict[str, Any] | None = await generator.generate(
        reply, tracker(events, of, language), channel, domain_responses=of.responses
    )
    return message


STATUS = bot(
    utter_status=[{"text": "It left on Monday."}, {"text": "已于周一发出。", "condition": ZH}]
)


async def converse(
    of: Domain,
    messages: Sequence[UserUttered],
    reply: str = "utter_status",
    before: Sequence[Event] = (),
    spoken: str = "en",
) -> tuple[list[str | None], list[Event]]:
    """Let the bot give one reply to each message; what each opened with, and all events."""
    generator = EmpathicReplies(None, of)
    events = list(before)
    openings: list[str | None] = []
    for message in messages:
        events.append(message)
        said_now = await generator.generate(reply, tracker(events, of, spoken), "rest")
        assert said_now is not None
        openings.append((said_now.get("acknowledgement") or {}).get("text"))
        metadata = {**said_now, "utter_action": reply}
        events.append(BotUttered(metadata.pop("text"), metadata=metadata))
    return openings, events


def texts_of(name: str, spoken: str) -> list[str]:
    variations = rasa.shared.utils.io.read_yaml_file(ACKNOWLEDGEMENTS_FILE)["responses"][name]
    return [each["text"] for each in variations if each["condition"][0]["value"] == spoken]


def all_names() -> list[str]:
    return list(rasa.shared.utils.io.read_yaml_file(ACKNOWLEDGEMENTS_FILE)["responses"])
