from __future__ import annotations

import itertools
from typing import Any

import pytest

from emotion_component import escalation, labels
from emotion_component.errors import ConfigurationError
from emotion_component.escalation import Settings, Signals
from emotion_component.trajectory import Turn


def emotion(
    name: str, intensity: float = 0.7, *, confidence: float = 0.9, abstained: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "intensity": intensity,
        "confidence": confidence,
        "valence": labels.SERVICE_AFFECT[name].valence,
        "abstained": abstained,
    }


def turn(name: str, intent: str = "complain", *actions: str, intensity: float = 0.7) -> Turn:
    return Turn(emotion(name, intensity), intent, actions)


def decide(*turns: Turn, **settings: Any) -> dict[str, Any]:
    chosen = Settings(**settings)
    return escalation.decide(escalation.read(turns, chosen), chosen)


def test_one_angry_message_stays_with_the_bot() -> None:
    assert decide(turn("anger")) == {"escalate": False, "score": 0.0, "reasons": []}


def test_a_request_for_a_human_is_enough_by_itself() -> None:
    assert decide(turn("neutral", "talk_to_human")) == {
        "escalate": True,
        "score": 1.0,
        "reasons": [
            {
                "signal": "human_request",
                "value": "talk_to_human",
                "weight": 1.0,
                "says": "asked for a human",
            }
        ],
    }


def test_strong_anger_is_enough_by_itself() -> None:
    assert decide(turn("anger", intensity=0.97)) == {
        "escalate": True,
        "score": 0.7,
        "reasons": [
            {"signal": "intensity", "value": 0.873, "weight": 0.7, "says": "strong anger (87%)"}
        ],
    }


def test_strong_sadness_is_not_heat() -> None:
    assert decide(turn("sadness", intensity=1.0))["escalate"] is False


def test_strong_anger_that_is_a_guess_is_not_enough() -> None:
    guess = Turn(emotion("anger", 0.97, confidence=0.4), "complain", ())
    assert decide(guess)["reasons"] == []


def test_three_negative_turns_in_a_row_are_a_streak() -> None:
    assert decide(turn("anger"), turn("frustration"), turn("disappointment")) == {
        "escalate": True,
        "score": 0.7,
        "reasons": [
            {
                "signal": "streak",
                "value": 3,
                "weight": 0.7,
                "says": "negative 3 turns in a row",
            }
        ],
    }


def test_a_worsening_trend_adds_to_a_streak_but_is_not_enough_alone() -> None:
    falling = decide(turn("joy"), turn("anger"))
    streak = decide(turn("joy"), turn("anger"), turn("anger"), turn("anger"))

    assert (falling["escalate"], falling["score"]) == (False, 0.3)
    assert [reason["signal"] for reason in streak["reasons"]] == ["streak", "trend"]
    assert streak["score"] == pytest.approx(1 - 0.3 * 0.7)


def test_turns_that_were_not_understood_add_up_by_intent_or_by_action() -> None:
    decision = decide(
        turn("neutral", "nlu_fallback"),
        turn("neutral", "complain", "action_default_fallback"),
        turn("neutral", "nlu_fallback"),
    )

    assert decision["escalate"] is True
    assert decision["reasons"] == [
        {
            "signal": "fallbacks",
            "value": 3,
            "weight": 0.6,
            "says": "not understood 3 turns in a row",
        }
    ]


def test_answers_to_a_form_are_understood_whatever_their_intent() -> None:
    answered = [turn("neutral", "nlu_fallback", "order_form")] * 4
    failed = [turn("neutral", "nlu_fallback", "order_form", "action_default_fallback")] * 4
    waiting = [*failed[:2], turn("neutral", "nlu_fallback")]
    settings = Settings()

    def fallbacks(turns: list[Turn], *, in_form: bool) -> int:
        signals = escalation.read(turns, settings, forms=["order_form"], in_form=in_form)
        return signals.fallbacks

    assert fallbacks(answered, in_form=True) == 0
    assert fallbacks(failed, in_form=True) == 4
    assert fallbacks(waiting, in_form=True) == 0
    assert fallbacks(waiting, in_form=False) == 3


def test_a_topic_that_belongs_to_a_human_goes_to_one() -> None:
    decision = decide(turn("neutral", "data_breach"), sensitive_intents=("data_breach",))

    assert (decision["escalate"], decision["reasons"][0]["says"]) == (
        True,
        "sensitive topic: data_breach",
    )


def test_a_button_or_a_thank_you_after_a_streak_is_no_reason() -> None:
    streak = [turn("anger")] * 3

    assert decide(*streak, Turn(None, "affirm", ()))["escalate"] is False
    assert decide(*streak, turn("gratitude", "thanks"))["escalate"] is False
    assert decide(*streak, Turn(emotion("neutral", abstained=True), None, ()))["escalate"] is False


def test_without_turns_nothing_is_read() -> None:
    assert escalation.read([], Settings()) == Signals()


def test_the_score_never_falls_when_a_signal_grows() -> None:
    grid = itertools.product((None, "talk_to_human"), (0.0, 0.5, 1.0), range(5), (0.0, -0.5, -1.0))
    settings = Settings()
    scores = {
        point: escalation.decide(
            Signals(point[0], "anger", point[1], point[2], point[3]), settings
        )["score"]
        for point in grid
    }

    for low, high in itertools.permutations(scores, 2):
        grew = (
            (low[0] is None or high[0] is not None)
            and low[1] <= high[1]
            and low[2] <= high[2]
            and low[3] >= high[3]
        )
        if grew:
            assert scores[low] <= scores[high], (low, high)


def test_a_weight_of_zero_silences_a_signal_and_leaves_the_others() -> None:
    settings = Settings.from_config({"weights": {"streak": 0}, "streak": 1})

    assert decide(turn("anger"), streak=1, weights=settings.weights)["reasons"] == []
    assert settings.weights["human_request"] == 1.0


def test_the_reasons_fit_into_one_line() -> None:
    decision = decide(turn("joy"), *[turn("anger", intensity=1.0)] * 3)

    assert escalation.summarize(decision) == (
        "strong anger (90%); negative 3 turns in a row; getting worse (-1.00)"
    )


def test_lists_of_config_yml_become_settings_and_other_keys_stay_out() -> None:
    config = {"priority": 100, "handoff_action": "action_handoff", "human_intents": ["human"]}

    assert Settings.from_config(config) == Settings(human_intents=("human",))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"threshold": 1.4}, "`threshold` must be a number above 0 up to 1"),
        ({"threshold": 0}, "`threshold` must be a number above 0 up to 1"),
        ({"intensity": "high"}, "`intensity` must be a number above 0 up to 1"),
        ({"streak": 0}, "`streak` must be a whole number of at least 1"),
        ({"streak": 2.5}, "`streak` must be a whole number of at least 1"),
        ({"fallbacks": True}, "`fallbacks` must be a whole number of at least 1"),
        ({"trend": 0.2}, "`trend` must be a number from -1 to below 0"),
        ({"human_intents": "human"}, "`human_intents` must be a list of names"),
        ({"sensitive_intents": [1]}, "`sensitive_intents` must be a list of names"),
        ({"weights": [1]}, "`weights` must be a mapping of signal to weight"),
        ({"weights": {"mood": 1}}, "`weights` must be named by signal"),
        ({"weights": {"trend": 2}}, "`weights.trend` must be a number from 0 to 1"),
    ],
)
def test_a_setting_out_of_range_says_what_and_where(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_config(config)

    assert str(caught.value).startswith(message)
    assert "Received: " in str(caught.value)
    assert str(caught.value).endswith("Set it in config.yml under EscalationPolicy.")
