"""A guest bot hands over, keeps silent and takes back. No action server runs."""

from __future__ import annotations

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.domain import SessionConfig
from rasa.shared.core.events import BotUttered, ConversationResumed, SlotSet

from emotion_component import labels, language
from tests.emotion_component.guest import (
    ANGRY_EN,
    ANGRY_ZH,
    Chat,
    decision_of,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("text", [ANGRY_EN, ANGRY_ZH])
async def test_anger_once_is_acknowledged_and_the_third_time_handed_over(
    chat: Chat, text: str
) -> None:
    first = await chat.say(text)
    second = await chat.say(text)
    spoken = language.detect(text)

    for reply in (*first, *second):
        assert language.detect(reply or "") == spoken
    # The same complaint again is answered without another word on it.
    opening, *later = [
        (event.metadata.get("acknowledgement") or {}).get("text")
        for event in (await chat.tracker()).events
        if isinstance(event, BotUttered)
    ]
    assert opening
    assert (first[0] or "").startswith(opening)
    assert set(later) == {None}
    assert await chat.slots("handoff_state") == ["bot"]

    (notice,) = await chat.say(text)

    assert language.detect(notice or "") == spoken
    state, reason = await chat.slots("handoff_state", "escalation_reason")
    assert state == "queued"
    assert "negative 3 turns in a row" in reason
    decision = await decision_of(chat)
    assert decision["escalate"] is True
    assert "streak" in [each["signal"] for each in decision["reasons"]]


@pytest.mark.parametrize("text", ["human please", "转人工"])
async def test_a_request_for_a_human_is_met_at_once_and_inside_a_form(
    chat: Chat, text: str
) -> None:
    await chat.say("where is my order" if text.isascii() else "我的订单到哪了")
    assert (await chat.tracker()).active_loop_name == "order_form"

    (notice,) = await chat.say(text)

    assert notice in [each["text"] for each in chat.agent.domain.responses["utter_handoff"]]
    tracker = await chat.tracker()
    assert await chat.slots("handoff_state", "requested_slot") == ["queued", None]
    assert (tracker.active_loop_name, tracker.is_paused()) == (None, True)
    assert (await chat.actions())[-2:] == [
        ("utter_handoff", "EscalationPolicy"),
        ("action_listen", "EscalationPolicy"),
    ]


def offers_of(chat: Chat) -> list[str]:
    return [each["text"] for each in chat.agent.domain.responses["utter_offer_human"]]


async def test_disappointment_inside_a_form_brings_the_offer_of_a_human(chat: Chat) -> None:
    await chat.say("where is my order")
    for words in ("this is disappointing", "that is disappointing, really"):
        await chat.say(words)
        assert (await chat.tracker()).active_loop_name == "order_form"

    *answer, offer = await chat.say("not good enough")

    assert (len(answer), offer in offers_of(chat)) == (1, True)
    assert await chat.slots("handoff_state") == ["bot"]

    await chat.say("yes, a colleague")

    assert await chat.slots("handoff_state", "escalation_reason") == [
        "queued",
        "accepted the offer of a human",
    ]


async def test_three_messages_that_it_cannot_make_sense_of_bring_an_offer_in_their_language(
    chat: Chat,
) -> None:
    replies = [await chat.say(text) for text in ("喵喵喵", "嗡嗡", "叮叮咚咚")]

    # The offer comes instead of one more "I did not understand".
    assert [len(each) for each in replies] == [1, 1, 1]
    assert {language.detect(reply or "") for each in replies for reply in each} == {"zh"}
    assert (replies[-1][-1] or "").endswith(tuple(offers_of(chat)))
    assert (await decision_of(chat))["reasons"][0]["says"] == "not understood 3 turns in a row"

    await chat.say("好，转人工")

    assert await chat.slots("handoff_state") == ["queued"]


async def test_the_bot_is_silent_while_a_human_has_it_and_the_emotion_still_shows(
    chat: Chat,
) -> None:
    await chat.say("human please")
    await chat.add(SlotSet("handoff_state", "agent"))

    assert await chat.say("thank you so much!!!") == []
    assert (await chat.emotion())["name"] in labels.POSITIVE
    assert await chat.say("hello") == []
    assert await chat.say("/restart") == []
    assert await chat.slots("handoff_state") == ["agent"]


@pytest.fixture(params=[True, False], ids=["slots carried over", "slots dropped"])
def expired(agent: Agent, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions that expire at once."""
    expired_at_once = SessionConfig(session_expiration_time=1e-9, carry_over_slots=request.param)
    monkeypatch.setattr(agent.domain, "session_config", expired_at_once)


async def test_a_session_that_expires_does_not_make_the_bot_speak(
    chat: Chat, expired: None
) -> None:
    await chat.say("human please")
    await chat.add(SlotSet("handoff_state", "agent"))

    assert await chat.say("hello, is somebody there?") == []
    tracker = await chat.tracker()
    assert "session_started" in [event.type_name for event in tracker.events]
    assert (tracker.get_slot("handoff_state"), tracker.is_paused()) == ("agent", True)
    assert await chat.say("hello?") == []
    assert await chat.slots("handoff_state") == ["agent"]


async def test_after_the_handback_the_bot_answers_and_does_not_hand_over_again(
    chat: Chat,
) -> None:
    for _ in range(3):
        await chat.say(ANGRY_EN)
    await chat.add(SlotSet("handoff_state", "agent"))
    assert await chat.say("that is fine then") == []
    await chat.add(
        SlotSet("handoff_state", "bot"),
        SlotSet("escalation_reason", None),
        ConversationResumed(),
        BotUttered("I'm back. Li has refunded you.", metadata={"sender": "bot"}),
    )

    hours = await chat.say("when are you open")
    angry = await chat.say(ANGRY_EN)

    assert hours == ["We are open from nine to five."]
    assert len(angry) == 1
    assert await chat.slots("handoff_state", "escalation_reason") == ["bot", None]
    assert (await chat.emotion())["streak"] == 1

    await chat.say("human please")
    assert await chat.slots("handoff_state") == ["queued"]
