"""Whatever a customer sends, the bot answers, states an emotion or abstains, and loses nothing."""

from __future__ import annotations

import pytest

from tests.end_to_end.service import Service
from tests.rasa_project.channels.webchat.serving import StockClient, conversation_of

pytestmark = [pytest.mark.slow, pytest.mark.services]

BAD_INPUT = {
    "empty": "",
    "blank": " \n\t ",
    "10,000 characters": "where is it " * 833 + "now?",
    "only emoji": "😡😡😡",
    "only a URL": "https://example.com/a?b=c#d",
    "mixed scripts": "my 订单 order пришёл 注文 broken 怎么办",
    "control characters": "he\u0000llo \u0007wo\u001brld \u200b\u2028",
    "right to left": "أين طلبي؟ לאן נעלמה ההזמנה",
    "typed payload": '/opening_hours{"language": "zh"}',
    "typed payload of nothing": "/no_such_intent",
    "attachment": "https://cdn.example.com/uploads/photo_1234.jpg",
    "script": "<script>alert(1)</script>",
    "template": "{{7*7}} ${HOME} %s {order_id}",
    "lone surrogate": "broken \ud83d emoji",
}
STATED = {"name", "confidence", "intensity", "valence", "arousal", "scores", "fine", "language",
          "abstained", "trend", "streak", "model", "forecast", "trajectory"}  # fmt: skip


@pytest.mark.parametrize("text", BAD_INPUT.values(), ids=BAD_INPUT.keys())
async def test_each_bad_input_gets_a_reply_and_a_stated_emotion(
    service: Service, text: str
) -> None:
    customer = StockClient()
    conversation = conversation_of(await customer.start(service.rasa_url))
    assert await customer.ask(text, message_id="1", language="en") == "handled"
    answers = list(customer.received)
    assert await customer.ask("hello", message_id="2", language="en") == "handled"
    later = customer.received[len(answers) :]
    await customer.leave()

    assert all(answer["text"].strip() for answer in [*answers, *later])
    assert answers
    # Whatever brings a human in silences the bot from then on.
    handed_over = service.tracker(conversation)["slots"]["handoff_state"] == "queued"
    assert bool(later) != handed_over
    events = service.tracker(conversation)["events"]
    first, second = (n for n, event in enumerate(events) if event["event"] == "user")
    emotion = events[first]["parse_data"].get("emotion")
    assert set(emotion) == STATED
    if not _says_something(text):
        assert (emotion["name"], emotion["abstained"]) == ("neutral", True)
        slots = {e["name"]: e["value"] for e in events[:second] if e["event"] == "slot"}
        assert (slots["emotion"], slots["emotion_intensity"]) == ("neutral", 0.0)


def _says_something(text: str) -> bool:
    """Addresses and blanks say nothing; an emoji alone may, and a typed payload is words."""
    return text.strip() != "" and not text.startswith("http")


def test_a_parse_outside_a_conversation_shows_the_property_and_no_entity(service: Service) -> None:
    parsed = service.parse("this is outrageous")
    assert set(parsed["emotion"]) == STATED
    assert [entity for entity in parsed["entities"] if entity["entity"] == "emotion"] == []
