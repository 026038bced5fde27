from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet

from emotion_component import escalation, trajectory
from emotion_component.escalation import Settings
from tests.emotion_component.escalation.talk import NOON, fired, outcome, turn, weigh

FURY = turn("anger", "complain", "utter_sorry", intensity=1.0)
OFFER = turn("anger", "complain", "utter_sorry", "utter_offer_human", intensity=1.0)
CALM = turn("neutral", "greet", "utter_greet", intensity=0.0)
NO = turn("neutral", "deny", "utter_offer_declined", intensity=0.0)


def test_one_angry_message_stays_with_the_bot() -> None:
    assert weigh(turn("anger")) == {
        "verdict": "nothing",
        "escalate": False,
        "score": 0.0,
        "levels": {"offer": 0.5, "handoff": 0.8},
        "reasons": [],
        "held": [],
        "answer": None,
    }


def test_a_human_is_offered_before_one_is_forced() -> None:
    offered = weigh(FURY)
    forced = weigh(*[turn("anger", f"intent_{i}", intensity=1.0) for i in range(3)])

    assert (offered["verdict"], offered["escalate"], offered["score"]) == ("offer", False, 0.7)
    assert (forced["verdict"], forced["escalate"]) == ("handoff", True)
    assert forced["score"] == pytest.approx(1 - 0.3 * 0.3)


@pytest.mark.parametrize("intent", ["talk_to_human", "data_breach"])
def test_a_request_for_a_human_and_a_sensitive_topic_hand_over_at_once(intent: str) -> None:
    decision = weigh(turn("neutral", intent), sensitive_intents=["data_breach"])

    assert (decision["verdict"], decision["score"]) == ("handoff", 1.0)


def test_an_accepted_offer_hands_over_and_a_declined_one_does_not() -> None:
    accepted = weigh(OFFER, turn("neutral", "affirm"))
    declined = weigh(OFFER, turn("neutral", "deny"))

    assert (accepted["verdict"], accepted["answer"]) == ("handoff", "accepted")
    assert accepted["reasons"] == [
        {
            "signal": "offer_accepted",
            "value": "affirm",
            "weight": 1.0,
            "says": "accepted the offer of a human",
        }
    ]
    assert (declined["verdict"], declined["answer"]) == ("nothing", "declined")


def test_who_says_no_is_not_handed_over_for_the_tone_of_it_unless_they_ask_for_a_human() -> None:
    angry_no = turn("anger", "deny", intensity=1.0)
    asked = turn("anger", "talk_to_human", intensity=1.0, text="no")

    assert outcome(weigh(FURY, FURY, OFFER, angry_no)) == ("nothing", ["declined"])
    assert outcome(weigh(FURY, FURY, OFFER, asked)) == ("handoff", [])


def test_no_second_offer_within_the_cooldown() -> None:
    held = {
        calm: outcome(weigh(OFFER, *[CALM] * calm, FURY, cooldown_turns=2)) for calm in range(4)
    }

    assert held == {
        0: ("nothing", ["cooldown", "hysteresis"]),
        1: ("nothing", ["cooldown"]),
        2: ("offer", []),
        3: ("offer", []),
    }


def test_no_offer_for_longer_after_a_no() -> None:
    held = {
        calm: outcome(weigh(OFFER, NO, *[CALM] * calm, FURY, cooldown_turns=0, declined_turns=3))
        for calm in range(5)
    }

    assert held == {
        **dict.fromkeys(range(3), ("nothing", ["declined"])),
        **dict.fromkeys(range(3, 5), ("offer", [])),
    }


def test_the_score_must_have_been_low_before_another_offer() -> None:
    simmering = turn("anger", "complain", "utter_sorry", intensity=1.0)

    stayed_high = weigh(OFFER, simmering, simmering, cooldown_turns=1, handoff=1.0)
    was_low = weigh(OFFER, CALM, simmering, cooldown_turns=1, handoff=1.0)

    assert outcome(stayed_high) == ("nothing", ["hysteresis"])
    assert outcome(was_low) == ("offer", [])


def test_a_forced_handoff_waits_for_no_cooldown() -> None:
    assert outcome(weigh(OFFER, FURY, FURY)) == ("handoff", [])


def test_a_turn_has_one_offer() -> None:
    assert outcome(weigh(OFFER, cooldown_turns=0)) == ("nothing", ["cooldown", "hysteresis"])


def test_a_handback_forgets_what_was_before() -> None:
    back = [SlotSet("handoff_state", "bot")]

    assert weigh(*[FURY] * 6, back)["reasons"] == []
    assert outcome(weigh(OFFER, NO, back, FURY)) == ("offer", [])
    assert weigh(OFFER, back, turn("neutral", "affirm"))["answer"] is None


def test_the_bots_own_offer_counts_as_one_and_its_own_question_is_not_talked_over() -> None:
    own: dict[str, Any] = {"own_offers": {"offer": "human"}, "own_questions": {"offer": ["refund"]}}
    offered = turn("anger", "complain", "action_complaint", intensity=1, slots={"offer": "human"})
    asked = turn("anger", "refund", "action_refund", intensity=1, slots={"offer": "refund"})

    assert outcome(weigh(offered, **own)) == ("nothing", ["cooldown", "hysteresis"])
    assert outcome(weigh(offered, NO, FURY, **own)) == ("nothing", ["cooldown", "declined"])
    assert outcome(weigh(asked, **own)) == ("nothing", ["own_question"])
    # Its yes and no are for the bot's own rules.
    assert weigh(offered, turn("neutral", "affirm"), **own)["answer"] is None


def test_in_quiet_hours_only_the_named_signals_count() -> None:
    window = {"from": "20:00", "to": "24:00"}
    night: dict[str, Any] = {"quiet_hours": [window], "time_zone": "Asia/Shanghai"}

    assert outcome(weigh(FURY, **night)) == ("nothing", ["quiet_hours"])  # 20:00 there
    assert outcome(weigh(FURY, now=NOON - 60, **night)) == ("offer", [])
    assert outcome(weigh(turn("neutral", "talk_to_human"), **night)) == ("handoff", [])
    assert outcome(weigh(OFFER, turn("neutral", "affirm"), **night)) == ("handoff", [])
    assert outcome(weigh(FURY, quiet_hours_except=["intensity"], **night)) == ("offer", [])
    held = weigh(FURY, **night)
    assert held["held"] == [
        {
            "by": "quiet_hours",
            "verdict": "offer",
            "says": "quiet hours 20:00 to 24:00 (Asia/Shanghai)",
        }
    ]
    assert (held["score"], list(fired(held))) == (0.7, ["intensity"])


def test_an_intent_has_levels_and_weights_of_its_own_or_silence() -> None:
    settings: dict[str, Any] = {
        "per_intent": {
            "complaint": {"offer": 0.75, "handoff": 0.9},
            "legal": {"weights": {"intensity": 0.9}},
            "goodbye": "never",
        }
    }

    def said(intent: str) -> escalation.Decision:
        return weigh(turn("anger", intent, intensity=1.0), **settings)

    assert (said("complaint")["verdict"], said("complaint")["levels"]) == (
        "nothing",
        {"offer": 0.75, "handoff": 0.9},
    )
    assert (said("legal")["verdict"], said("legal")["score"]) == ("handoff", 0.9)
    assert outcome(said("goodbye")) == ("nothing", ["intent"])
    assert said("other")["verdict"] == "offer"


def test_without_an_offer_level_a_human_is_never_offered() -> None:
    assert outcome(weigh(FURY, offer=None)) == ("nothing", [])
    assert weigh(FURY, FURY, FURY, offer=None)["verdict"] == "handoff"


def test_a_decision_is_plain_json() -> None:
    decision = weigh(OFFER, NO, FURY)

    assert json.loads(json.dumps(decision)) == decision


def test_the_reasons_fit_into_one_line() -> None:
    calm = turn("joy", intensity=0.2)
    decision = weigh(calm, *[turn("anger", f"i{i}", intensity=1.0) for i in range(3)])

    assert escalation.summarize(decision) == (
        "strong anger (90%); negative 3 turns in a row; getting worse (-1.00)"
    )


class _Counting(list[Any]):
    """Events that count how often each is looked at from the end."""

    def __init__(self, events: list[Any]) -> None:
        super().__init__(events)
        self.seen: Counter[int] = Counter()

    def __reversed__(self) -> Iterator[Any]:
        for index in range(len(self) - 1, -1, -1):
            self.seen[index] += 1
            yield self[index]


def test_thousands_of_turns_cost_what_a_few_do() -> None:
    seen = []
    for length in (100, 5_000):
        events = _Counting([event for _ in range(length) for event in [*OFFER, *NO, *FURY]])
        escalation.weigh(events, Settings(), now=NOON)
        seen.append((len(events.seen), sum(events.seen.values())))

    assert seen[0] == seen[1]
    assert seen[0][0] <= trajectory.LOOK_BACK_EVENTS


def test_a_conversation_without_turns_gets_nothing() -> None:
    assert outcome(weigh()) == ("nothing", [])
    assert outcome(weigh([SlotSet("unknown", 1)])) == ("nothing", [])
