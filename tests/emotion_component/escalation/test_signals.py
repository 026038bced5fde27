from __future__ import annotations

import itertools

import pytest

from emotion_component.course import Course
from emotion_component.dissatisfaction import Chance
from emotion_component.escalation import Settings, Turn, decision, signals
from emotion_component.escalation.signals import Signals
from emotion_component.escalation.weights import DEFAULT_WEIGHTS
from tests.emotion_component.escalation.talk import felt, fired, turn, weigh


def test_strong_sadness_is_not_heat() -> None:
    assert weigh(turn("sadness", intensity=1.0))["reasons"] == []


def test_strong_anger_that_is_a_guess_is_not_enough() -> None:
    guess = Turn(felt("anger", 0.97, confidence=0.4), "complain")

    assert signals.read([guess], Settings()).intensity == pytest.approx(0.388)
    assert fired(weigh(turn("anger", intensity=0.97))) == {"intensity": 0.7}


def test_negative_turns_in_a_row_are_a_streak_and_each_further_one_counts_once_more() -> None:
    turns = [turn("disappointment", f"i{i}") for i in range(6)]

    assert fired(weigh(*turns[:2])) == {}
    assert weigh(*turns[:3])["reasons"] == [
        {"signal": "streak", "value": 3, "weight": 0.7, "says": "negative 3 turns in a row"}
    ]
    assert fired(weigh(*turns[:4])) == {"streak": pytest.approx(1 - 0.3**2)}
    assert fired(weigh(*turns[:5])) == {"streak": pytest.approx(1 - 0.3**3)}
    assert [weigh(*turns[:length])["verdict"] for length in (2, 3, 4)] == [
        *("nothing", "offer", "handoff"),
    ]


def test_a_worsening_trend_adds_to_a_streak_but_is_not_enough_alone() -> None:
    falling = weigh(turn("joy"), turn("anger"))
    streak = weigh(turn("joy"), *[turn("anger", f"i{i}") for i in range(3)])

    assert (falling["verdict"], falling["score"]) == ("nothing", 0.3)
    assert fired(streak) == {"streak": 0.7, "trend": 0.3}
    assert streak["score"] == pytest.approx(1 - 0.3 * 0.7)


def test_turns_that_were_not_understood_add_up_by_intent_or_by_action() -> None:
    decided = weigh(
        turn("neutral", "nlu_fallback"),
        turn("neutral", "complain", "action_default_fallback"),
        turn("neutral", "nlu_fallback"),
    )

    assert decided["reasons"] == [
        {
            "signal": "fallbacks",
            "value": 3,
            "weight": 0.6,
            "says": "not understood 3 turns in a row",
        }
    ]


def test_an_answer_to_the_offer_was_understood_whatever_its_intent() -> None:
    lost = [turn("neutral", "nlu_fallback", "action_default_fallback") for _ in range(2)]
    offered = turn("neutral", "nlu_fallback", "action_default_fallback", "utter_offer_human")
    no = turn("neutral", "nlu_fallback", "utter_offer_declined", text="不用，继续")

    assert fired(weigh(*lost, offered)) == {"fallbacks": 0.6}
    assert fired(weigh(*lost, offered, no)) == {}
    assert fired(weigh(*lost, offered, no, *lost)) == {}


def test_answers_to_a_form_are_understood_whatever_their_intent() -> None:
    neutral = felt("neutral", 0.0)
    answered = [Turn(neutral, "nlu_fallback", ("order_form",))] * 4
    failed = [Turn(neutral, "nlu_fallback", ("order_form", "action_default_fallback"))] * 4
    waiting = [*failed[:2], Turn(neutral, "nlu_fallback")]
    settings = Settings()

    def fallbacks(turns: list[Turn], *, in_form: bool) -> int:
        read = signals.read(turns, settings, forms=["order_form"], in_form=in_form)
        return read.fallbacks

    assert fallbacks(answered, in_form=True) == 0
    assert fallbacks(failed, in_form=True) == 4
    assert fallbacks(waiting, in_form=True) == 0
    assert fallbacks(waiting, in_form=False) == 3


def test_a_concern_that_comes_back_after_its_answer_counts_and_others_in_between_do_not() -> None:
    late = turn("neutral", "late", "utter_late")
    greet = turn("neutral", "greet", "utter_greet")

    assert weigh(late, greet, late, late)["reasons"] == [
        {
            "signal": "repeats",
            "value": 3,
            "weight": 0.5,
            "says": "came with the same concern 3 times (late)",
        }
    ]
    assert fired(weigh(late, late)) == {}
    assert fired(weigh(late, late, late, greet)) == {}


def test_courtesies_and_unanswered_messages_are_no_concern_that_comes_back() -> None:
    unanswered = turn("neutral", "late", "action_default_fallback")

    for intent in ("greet", "nlu_fallback", "affirm", "deny", None):
        assert "repeats" not in fired(weigh(*[turn("neutral", intent, "utter_x")] * 3))
    assert fired(weigh(*[turn("neutral", "chat", "utter_x")] * 3, courtesy_intents=["chat"])) == {}
    assert "repeats" not in fired(weigh(unanswered, unanswered, unanswered))


def test_another_order_each_time_is_another_concern() -> None:
    asked = [turn("neutral", "late", "utter_x", entities={"order": f"A{i}"}) for i in range(3)]
    same = [turn("neutral", "late", "utter_x", entities={"order": "A1", "emotion": "joy"})] * 2
    unnamed = turn("neutral", "late", "utter_x", entities={"emotion": "neutral"})

    assert fired(weigh(*asked)) == {}
    assert fired(weigh(*same, unnamed)) == {"repeats": 0.5}


def test_what_a_form_hears_is_no_concern_that_comes_back() -> None:
    neutral = felt("neutral", 0.0)
    heard = [Turn(neutral, "late", ("order_form",))] * 3
    settings = Settings()

    assert signals.read(heard, settings, forms=["order_form"]).repeats == 0
    waiting = [*heard[:2], Turn(neutral, "late")]
    assert signals.read(waiting, settings, forms=["order_form"], in_form=True).repeats == 0
    assert signals.read(heard, settings).repeats == 3


def test_a_button_or_a_thank_you_after_a_streak_is_no_reason() -> None:
    streak = [turn("anger", f"i{i}") for i in range(3)]

    for after in (turn(None, "affirm"), turn("gratitude", "thanks")):
        assert weigh(*streak, after)["reasons"] == []


def test_without_turns_nothing_is_read() -> None:
    assert signals.read([], Settings()) == Signals()


def test_a_weight_of_zero_silences_a_signal_and_leaves_the_others() -> None:
    silenced = weigh(turn("anger", intensity=1.0), weights={"streak": 0}, streak=1)

    assert fired(silenced) == {"intensity": 0.7}


def test_the_score_never_falls_when_a_signal_grows() -> None:
    settings = Settings()
    grid = itertools.product(
        (None, "talk_to_human"), (0.0, 0.8), (0, 3, 7), (0, 3, 7), (0, 3), (0.0, -0.6), (0.0, 0.5)
    )
    scores = {}
    for point in grid:
        intent, heat, streak, fallbacks, repeats, trend, chance = point
        read = Signals(
            intent, "anger", heat, streak, trend, fallbacks, repeats, None, Chance(chance, ())
        )
        scores[point] = decision.score(signals.reasons(read, settings, settings.weights))

    for low, high in itertools.permutations(scores, 2):
        grew = low[0] in (None, high[0]) and all(
            a <= b for a, b in zip(low[1:5], high[1:5], strict=True)
        )
        if grew and low[5] >= high[5] and low[6] <= high[6]:
            assert scores[low] <= scores[high], (low, high)


def grumbled(*displeasures: float) -> list[Turn]:
    """Long messages of a customer who gets this displeased."""
    text = "I have asked about this order again and again and nobody tells me anything at all"
    course, turns = Course(), []
    for displeasure in displeasures:
        scores = {"frustration": displeasure, "neutral": 1 - displeasure}
        emotion = {**felt("frustration", displeasure), "scores": scores}
        course = course.after(emotion, text)
        turns.append(Turn({**emotion, "trajectory": course.to_dict()}, "complain", text=text))
    return turns


def test_a_conversation_that_goes_badly_counts_with_its_chance_of_dissatisfaction() -> None:
    settings = Settings(weights={**DEFAULT_WEIGHTS, "dissatisfaction": 0.5}, intensity=1.0)
    by_length = [grumbled(0.1), grumbled(0.9), grumbled(0.9, 0.9)]
    calm, once, twice = (_dissatisfaction(turns, settings) for turns in by_length)

    assert calm is None
    assert once is not None
    assert twice is not None
    assert settings.dissatisfaction <= once["value"] < twice["value"]
    assert twice == {
        "signal": "dissatisfaction",
        "value": twice["value"],
        "weight": round(0.5 * twice["value"], 4),
        "says": f"likely to end dissatisfied ({twice['value']:.0%}): strong frustration now "
        "(90%), anger or frustration in this message (90%)",
    }


def test_thanks_after_a_bad_conversation_are_no_bad_sign() -> None:
    bad = grumbled(0.9, 0.9)
    thanked = Turn({**dict(bad[-1].emotion or {}), **felt("gratitude")}, "thanks")

    assert signals.read(bad, Settings()).chance is not None
    assert signals.read([*bad, thanked], Settings()).chance is None


def _dissatisfaction(turns: list[Turn], settings: Settings) -> signals.Reason | None:
    read = signals.read(turns, settings)
    found = signals.reasons(read, settings, settings.weights)
    return next((reason for reason in found if reason["signal"] == "dissatisfaction"), None)
