from __future__ import annotations

import copy
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    BotUttered,
    Restarted,
    SlotSet,
    UserUttered,
)

from emotion_component.acknowledgement.memory import key_of
from emotion_component.acknowledgement.occasion import Acknowledger
from emotion_component.rasa_replies import EmpathicReplies
from tests.emotion_component.conversation import emotion, said, tracker
from tests.emotion_component.replies import STATUS, ZH, bot, converse, say, texts_of


async def test_an_angry_customer_is_acknowledged_in_the_same_bubble() -> None:
    message = await say(STATUS, "utter_status", [said(emotion("anger"))])

    assert message is not None
    opening = message["acknowledgement"]["text"]
    assert message == {
        "text": f"{opening} It left on Monday.",
        "acknowledgement": {"emotion": "anger", "intensity": 0.5, "text": opening},
        "acknowledged_so_far": {"said": [key_of(opening)], "objected": False},
    }
    assert opening in texts_of("utter_acknowledge_anger", "en")


async def test_a_chinese_customer_is_acknowledged_in_chinese() -> None:
    message = await say(STATUS, "utter_status", [said(emotion("anger", 0.9))], "zh")

    assert message is not None
    opening = message["acknowledgement"]["text"]
    assert message["text"] == f"{opening}已于周一发出。"
    assert opening in texts_of("utter_acknowledge_anger_strong", "zh")


async def test_an_acknowledgement_speaks_the_language_of_the_reply_it_opens() -> None:
    english_only = bot(utter_status=[{"text": "It left."}])

    message = await say(english_only, "utter_status", [said(emotion("anger"))], "zh")

    assert message is not None
    assert message["acknowledgement"]["text"] in texts_of("utter_acknowledge_anger", "en")


def apart(felt: dict[str, Any], times: int) -> list[UserUttered]:
    """A feeling again and again, each time after three messages without one."""
    return [each for _ in range(times) for each in (said(felt), *(said() for _ in range(3)))]


async def test_the_same_acknowledgement_never_comes_twice_and_then_there_is_none() -> None:
    openings, events = await converse(STATUS, apart(emotion("anger"), 5))
    heard = [each for each in openings if each]

    assert sorted(heard) == sorted(texts_of("utter_acknowledge_anger", "en"))
    assert openings[::4][3:] == [None, None]
    # Long after the last one, in a generator that has just been started.
    later, _ = await converse(
        STATUS, apart(emotion("anger"), 2), before=[*events, *([said()] * 90)]
    )
    assert set(later) == {None}


async def test_after_a_restart_everything_may_be_said_again() -> None:
    _, events = await converse(STATUS, apart(emotion("anger"), 4))

    openings, _ = await converse(STATUS, [said(emotion("anger"))], before=[*events, Restarted()])

    assert openings[0] in texts_of("utter_acknowledge_anger", "en")


async def test_after_an_objection_there_is_none_for_the_rest_of_the_conversation() -> None:
    objection = UserUttered(
        "stop apologising", {"name": "complain"}, [], {"emotion": emotion("anger", 0.9)}
    )
    openings, events = await converse(STATUS, [objection, *apart(emotion("worry"), 4)])
    assert set(openings) == {None}

    plain = await say(STATUS, "utter_status", [*events, said(emotion("joy"))])

    assert plain == {
        "text": "It left on Monday.",
        "acknowledged_so_far": {"said": [], "objected": True},
    }


LATE = bot(
    utter_status=[{"text": "It left on Monday."}, {"text": "已于周一发出。", "condition": ZH}],
    utter_acknowledge_cause_late=[
        {"text": "Order {order_number} shouldn't be {late_by} late."},
        {"text": "A delivery shouldn't go like this."},
        {"text": "送货送成这样，确实不应该。", "condition": ZH},
    ],
    utter_acknowledge_cause_late_strong=[{"text": "I'm sorry the parcel is {late_by} late."}],
)


def late(text: str, felt: dict[str, Any]) -> UserUttered:
    parsed: dict[str, Any] = {
        "text": text,
        "intent": {"name": "late"},
        "entities": [],
        "emotion": felt,
    }
    return UserUttered(text, parsed["intent"], [], parsed)


LONG = "My parcel is three weeks late and nobody ever answers my mails."


@pytest.mark.parametrize(
    ("text", "intensity", "slots", "opening"),
    [
        (LONG, 0.5, {"order_number": "A1042"}, "Order A1042 shouldn't be three weeks late."),
        (LONG, 0.5, {"order_number": None}, "A delivery shouldn't go like this."),
        (LONG, 0.5, {}, "A delivery shouldn't go like this."),
        (LONG, 0.9, {}, "I'm sorry the parcel is three weeks late."),
        ("My parcel is late and you said three weeks.", 0.9, {}, None),
    ],
    ids=[
        "all that it names is known",
        "the slot is empty",
        "the slot does not exist",
        "strong",
        "nothing to fill in: the general words",
    ],
)
async def test_a_complaint_hears_its_cause_named_as_far_as_it_is_known(
    text: str, intensity: float, slots: dict[str, str | None], opening: str | None
) -> None:
    of = LATE.merge(
        Domain.from_dict(
            {"slots": {name: {"type": "text", "mappings": [{"type": "custom"}]} for name in slots}}
        )
    )
    events = [
        *(SlotSet(name, value) for name, value in slots.items()),
        late(text, emotion("anger", intensity)),
    ]

    message = await say(of, "utter_status", events)

    assert message is not None
    general = texts_of("utter_acknowledge_anger_strong", "en")
    assert message["acknowledgement"]["text"] in ([opening] if opening else general)


async def test_a_cause_in_the_other_language_gives_way_to_the_general_words() -> None:
    of = bot(
        utter_status=[{"text": "已于周一发出。", "condition": ZH}],
        utter_acknowledge_cause_late=[{"text": "A delivery shouldn't go like this."}],
    )

    openings, _ = await converse(
        of, [late("都三天了还没到，到底怎么回事", emotion("anger"))], spoken="zh"
    )

    assert openings[0] in texts_of("utter_acknowledge_anger", "zh")


async def test_a_terse_customer_hears_fewer_words() -> None:
    message = await say(STATUS, "utter_status", [late("late again", emotion("anger"))])

    assert message is not None
    assert message["acknowledgement"]["text"] in texts_of("utter_acknowledge_anger_brief", "en")


@pytest.mark.parametrize("broken", ["due", "_is_first"])
async def test_a_failure_lets_the_plain_reply_out_and_is_logged_once(
    broken: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("broken for the test")

    monkeypatch.setattr(Acknowledger, broken, fail)

    openings, events = await converse(STATUS, [said(emotion("anger"))] * 3)

    assert openings == [None, None, None]
    assert [each.text for each in events if isinstance(each, BotUttered)] == [
        "It left on Monday."
    ] * 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "broken for the test" in caplog.text


async def test_an_emotion_of_another_shape_stops_no_reply(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = {**emotion("anger"), "confidence": "high", "name": "joy"}

    openings, _ = await converse(STATUS, [said(odd)])

    assert openings == [None]
    assert "could not convert string to float" in caplog.text


async def test_where_choosing_a_variation_fails_rasas_own_choice_goes_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("broken for the test")

    monkeypatch.setattr(EmpathicReplies, "_language", fail)

    assert await say(STATUS, "utter_status", [said()], "zh") == {
        "text": "已于周一发出。",
        "condition": ZH,
    }
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_the_conversation_is_left_as_it_was() -> None:
    conversation = tracker([said(emotion("anger"))], STATUS)
    before = copy.deepcopy(conversation.current_state())
    count = len(conversation.events)

    await EmpathicReplies(None, STATUS).generate("utter_status", conversation, "rest")

    assert conversation.current_state() == before
    assert len(conversation.events) == count
