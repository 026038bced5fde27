from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from emotion_component.errors import ConfigurationError
from emotion_component.escalation import Settings
from emotion_component.escalation.overrides import Override
from emotion_component.escalation.quiet_hours import Window
from emotion_component.escalation.weights import DEFAULT_WEIGHTS

SHOP = Path(__file__).parents[3] / "config.yml"


def test_lists_of_config_yml_become_settings_and_other_keys_stay_out() -> None:
    config = {
        "priority": 100,
        "handoff_action": "action_handoff",
        "human_intents": ["human"],
        "weights": {"trend": 0},
        "quiet_hours": [{"days": ["sun"]}],
        "time_zone": "UTC",
        "per_intent": {"goodbye": "never", "legal": {"handoff": 0.9}},
        "own_offers": {"offer": "human"},
        "own_questions": {"offer": ["refund", "return"]},
    }

    assert Settings.from_config(config) == Settings(
        human_intents=("human",),
        weights={**DEFAULT_WEIGHTS, "trend": 0},
        quiet_hours=(Window((6,), 0, 1440),),
        time_zone="UTC",
        per_intent={"goodbye": Override(never=True), "legal": Override(handoff=0.9)},
        own_offers={"offer": ("human",)},
        own_questions={"offer": ("refund", "return")},
    )


def test_the_demo_shop_shows_every_threshold_and_weight_and_they_are_right() -> None:
    config = YAML(typ="safe").load(SHOP.read_text(encoding="utf-8"))
    (block,) = [each for each in config["policies"] if each["name"].endswith("EscalationPolicy")]

    Settings.from_config(block)

    texts = {"accept_texts", "decline_texts", "offer_action", "fallback_intents"}
    shown = set(Settings.__dataclass_fields__) - set(block) - texts
    assert shown == {"fallback_actions"}
    assert set(block["weights"]) == set(DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"offer": 0}, "`offer` must be a number above 0 up to 1"),
        ({"handoff": 1.4}, "`handoff` must be a number above 0 up to 1"),
        ({"rearm": None}, "`rearm` must be a number above 0 up to 1"),
        ({"cooldown_turns": 12}, "`cooldown_turns` must be a whole number of at least 0 and at m"),
        ({"declined_turns": -1}, "`declined_turns` must be a whole number of at least 0 and at m"),
        ({"intensity": "high"}, "`intensity` must be a number above 0 up to 1"),
        ({"streak": 0}, "`streak` must be a whole number of at least 1"),
        ({"streak": 2.5}, "`streak` must be a whole number of at least 1"),
        ({"fallbacks": True}, "`fallbacks` must be a whole number of at least 1"),
        ({"repeats": 1}, "`repeats` must be a whole number of at least 2"),
        ({"trend": 0.2}, "`trend` must be a number from -1 to below 0"),
        ({"human_intents": "human"}, "`human_intents` must be a list of names"),
        ({"sensitive_intents": [1]}, "`sensitive_intents` must be a list of names"),
        ({"accept_texts": "yes"}, "`accept_texts` must be a list of names"),
        ({"offer_action": ""}, "`offer_action` must be a name"),
        ({"weights": [1]}, "`weights` must be a mapping of signal to weight"),
        ({"weights": {"mood": 1}}, "`weights` must be named by signal"),
        ({"weights": {"trend": 2}}, "`weights.trend` must be a number from 0 to 1"),
        ({"quiet_hours_except": ["mood"]}, "`quiet_hours_except` must be named by signal"),
        ({"per_intent": ["goodbye"]}, "`per_intent` must be a mapping of intent"),
        ({"per_intent": {"bye": "always"}}, "`per_intent.bye` must be `never`, or made of"),
        ({"per_intent": {"bye": {"limit": 1}}}, "`per_intent.bye` must be made of offer, handoff"),
        ({"per_intent": {"bye": {"offer": 2}}}, "`per_intent.bye.offer` must be a number above"),
        ({"per_intent": {"bye": {"weights": {"x": 1}}}}, "`per_intent.bye.weights` must be named"),
        ({"own_offers": "offer"}, "`own_offers` must be a mapping of a slot"),
    ],
)
def test_a_setting_out_of_range_says_what_and_where(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_config(config)

    assert str(caught.value).startswith(message)
    assert "Received: " in str(caught.value)
    assert str(caught.value).endswith("Set it in config.yml under EscalationPolicy.")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"offer": 0.9}, "`offer` (0.9) lies above `handoff` (0.8)"),
        ({"rearm": 0.6}, "`rearm` (0.6) lies above `offer` (0.5)"),
        ({"per_intent": {"bye": {"offer": 0.9}}}, "For the intent 'bye': `offer` (0.9) lies above"),
        (
            {"per_intent": {"bye": {"handoff": 0.4}}},
            "For the intent 'bye': `offer` (0.5) lies above `handoff` (0.4)",
        ),
        ({"per_intent": {"talk_to_human": "never"}}, "`per_intent` says never for 'talk_to_human'"),
        (
            {"accept_intents": ["ok"], "decline_intents": ["ok"]},
            "`accept_intents` and `decline_intents` both name ['ok']",
        ),
        ({"accept_texts": ["no"]}, "`accept_texts` and `decline_texts` both name ['no']"),
    ],
)
def test_settings_that_contradict_each_other_say_how(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_config(config)

    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("in config.yml under EscalationPolicy.")


def test_the_old_name_of_the_level_says_the_new_one() -> None:
    with pytest.raises(ConfigurationError, match=r"`threshold` is now called `handoff`.*0\.5"):
        Settings.from_config({"threshold": 0.5})
