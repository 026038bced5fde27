from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    Restarted,
    SlotSet,
    UserUtteranceReverted,
)

from emotion_component.escalation import HANDOFF, OFFER, Settings
from rasa_project.conversations import conversation
from rasa_project.replay.episode import BY_COLLEAGUE, BY_RULE, DECLINED, HELD, Episode, Mark
from rasa_project.replay.playing import Player
from tests.rasa_project.conversations.stored import (
    answered,
    colleague,
    emotion,
    form,
    handed_over,
    said,
    session,
    tracker,
)

CALM, ANGRY, CROSS = emotion("neutral"), emotion("anger", 0.9), emotion("frustration")
STRONG = Settings.from_config({"weights": {"intensity": 0.9}})  # strong anger hands over
DECISION = {
    **{"verdict": HANDOFF, "escalate": True, "score": 0.9, "answer": None, "held": []},
    "levels": {"offer": 0.5, "handoff": 0.8},
    "reasons": [{"signal": "streak", "value": 3, "weight": 0.9, "says": "negative 3 turns"}],
}
OFFERED = {**DECISION, "verdict": OFFER, "escalate": False, "score": 0.6}

NO = {**DECISION, "verdict": "nothing", "escalate": False, "answer": "declined"}


def settings(**changes: Any) -> Settings:
    return Settings.from_config(changes)


def play(events: Sequence[Event], player: Player) -> list[Episode]:
    talk = tracker("customer", events)
    return player.play(conversation.read("customer", [event.as_dict() for event in talk.events]))


def verdicts(marks: Sequence[Mark]) -> list[tuple[int, str]]:
    return [(mark.turn, mark.verdict) for mark in marks]


def test_what_the_policy_decided_is_read_with_its_reasons() -> None:
    talk = [
        *(said("hello", CALM), *answered(), said("late again", CROSS), *answered()),
        *answered("utter_offer_human", OFFERED),
        *(said("no", CALM, "deny"),),
        *answered("utter_offer_declined", NO),
        *(said("give me a person", ANGRY), *handed_over(DECISION)),
    ]
    [episode] = play(talk, Player(settings()))
    assert verdicts(episode.happened) == [(2, OFFER), (3, DECLINED), (4, HANDOFF)]
    assert [mark.decision for mark in episode.happened][::2] == [OFFERED, DECISION]


def test_a_decision_stored_before_there_were_offers_is_a_handoff() -> None:
    old = {"escalate": True, "score": 1.0, "reasons": DECISION["reasons"]}
    [episode] = play([said("a human", CALM), *handed_over(old)], Player(settings()))
    assert verdicts(episode.happened) == [(1, HANDOFF)]
    assert episode.happened[0].decision == {**old, "levels": {}, "held": []}


def test_other_settings_hand_over_earlier_and_leave_the_rest_to_the_human() -> None:
    talk = [
        *(said("what a mess", ANGRY), *answered(), said("hello?", CROSS), *answered()),
        *(said("unbelievable", ANGRY), *handed_over(DECISION)),
    ]
    [episode] = play(talk, Player(settings(weights={"intensity": 0.9})))
    assert verdicts(episode.happened) == [(3, HANDOFF)]
    assert verdicts(episode.replayed) == [(1, HANDOFF)]
    assert episode.unjudged == {2, 3}


def test_stricter_settings_judge_what_was_said_in_the_queue_but_not_to_the_human() -> None:
    talk = [
        *(said("a mess", ANGRY), *handed_over(DECISION), said("anyone?", CROSS)),
        *(colleague("Hi, this is Ada."), said("you useless lot", ANGRY)),
    ]
    [episode] = play(talk, Player(settings(offer=None, handoff=0.95)))
    assert (verdicts(episode.happened), verdicts(episode.replayed)) == ([(1, HANDOFF)], [])
    assert episode.unjudged == {3}
    assert [turn.with_human for turn in episode.turns] == [False, True, True]


def test_an_offer_follows_the_answer_and_is_not_repeated_at_once() -> None:
    talk = [each for _ in range(3) for each in (said("a mess", ANGRY, "x"), *answered())]
    [episode] = play(talk, Player(settings(weights={"streak": 0, "repeats": 0, "trend": 0})))
    assert verdicts(episode.replayed) == [(1, OFFER), (2, HELD), (3, HELD)]
    held = episode.replayed[1].decision
    assert held is not None
    assert [hold["by"] for hold in held["held"]] == ["cooldown", "hysteresis"]


def test_no_offer_is_made_where_the_bot_goes_on_after_that_action() -> None:
    talk = [said("a mess", ANGRY), *answered("utter_sorry")]
    assert play(talk, Player(settings(), turn_ends={"utter_bye"}))[0].replayed == []
    [episode] = play(talk, Player(settings(), turn_ends={"utter_sorry"}))
    assert verdicts(episode.replayed) == [(1, OFFER)]


def test_the_yes_to_a_replayed_offer_hands_over() -> None:
    talk = [said("a mess", ANGRY), *answered(), said("yes", CALM, "affirm"), *answered()]
    [episode] = play(talk, Player(settings()))
    assert verdicts(episode.replayed) == [(1, OFFER), (2, HANDOFF)]


def test_the_yes_to_an_offer_that_is_no_longer_made_is_a_yes_to_something_else() -> None:
    talk = [
        *(said("a mess", ANGRY), *answered(), *answered("utter_offer_human", OFFERED)),
        *(said("yes", CALM, "affirm"), *handed_over(DECISION)),
    ]
    [episode] = play(talk, Player(settings(offer=None, handoff=0.9)))
    assert (verdicts(episode.happened), episode.replayed) == ([(1, OFFER), (2, HANDOFF)], [])


def test_what_a_rule_or_a_colleague_did_no_setting_changes() -> None:
    by_rule = [said("yes", CALM, "affirm"), *answered("action_handoff")]
    by_rule.insert(2, SlotSet("handoff_state", "queued"))
    taken = [said("hm", CALM), *answered(), SlotSet("handoff_state", "agent")]
    for talk, by in ((by_rule, BY_RULE), (taken, BY_COLLEAGUE)):
        [episode] = play(talk, Player(settings(offer=None, handoff=1.0)))
        assert episode.happened == episode.replayed
        assert [(mark.verdict, mark.by) for mark in episode.happened] == [(HANDOFF, by)]


def test_a_handback_a_restart_and_a_session_begin_a_new_part() -> None:
    talk = [
        *(*session(), said("a", ANGRY), *handed_over(DECISION), colleague("hi")),
        *(SlotSet("handoff_state", "bot"), said("b", CALM), *answered(), Restarted()),
        *(said("c", CALM), *answered(), *session(), SlotSet("handoff_state", "bot")),
        *(said("d", ANGRY), *answered()),
    ]
    episodes = play(talk, Player(STRONG))
    assert [[turn.text for turn in each.turns] for each in episodes] == [["a"], ["b"], ["c"], ["d"]]
    assert [verdicts(each.replayed) for each in episodes] == [
        [(1, HANDOFF)],
        [],
        [],
        [(1, HANDOFF)],
    ]
    assert [each.title for each in episodes][::3] == ["customer (1)", "customer (4)"]


def test_a_new_session_takes_the_conversation_from_no_human() -> None:
    talk = [
        *(said("a", ANGRY), *handed_over(DECISION), colleague("hi"), *session()),
        *(SlotSet("handoff_state", "agent"), said("b", ANGRY), said("c", ANGRY)),
    ]
    for player in (Player(STRONG), Player(settings(offer=None, handoff=1.0))):
        after = play(talk, player)[1]
        assert (after.happened, after.replayed, after.unjudged) == ([], [], {1, 2})


def test_an_answer_to_a_form_is_understood_whatever_its_intent() -> None:
    asked = [said("an order", CALM, "order"), ActionExecuted("order_form"), form("order_form")]
    asked.append(ActionExecuted("action_listen"))
    towns = [
        each
        for town in ("Ulm", "Köln", "Bonn")
        for each in (said(town, CALM, "nlu_fallback"), *answered("order_form"))
    ]
    player = Player(settings(weights={"fallbacks": 1.0}))
    assert play([*asked, *towns], player)[0].replayed == []
    failed = [
        each
        for town in ("Ulm", "Köln", "Bonn")
        for each in (said(town, CALM, "nlu_fallback"), *answered("action_default_fallback"))
    ]
    assert verdicts(play(failed, player)[0].replayed) == [(3, HANDOFF)]


def test_no_policy_is_asked_after_rasas_own_fallback_and_reverted_turns_count() -> None:
    talk = [
        each
        for number in range(4)
        for each in (
            *(said(f"hm {number}", CALM, "odd"), ActionExecuted("action_default_fallback")),
            *(UserUtteranceReverted(), ActionExecuted("action_listen", policy="followup_action")),
        )
    ]
    player = Player(settings(weights={"fallbacks": 1.0}))
    assert play(talk, player)[0].replayed == []
    understood_nothing = [*talk[:-4], said("hm", CALM, "nlu_fallback"), *answered()]
    assert verdicts(play(understood_nothing, player)[0].replayed) == [(4, HANDOFF)]


def test_a_failure_by_an_action_of_the_bots_own_counts_on_the_turn_itself() -> None:
    failed = [said("hm", CALM, "odd"), *answered("utter_what")]
    config = {"weights": {"fallbacks": 1.0}, "fallback_actions": ["utter_what"]}
    [episode] = play(
        [each for _ in range(3) for each in deepcopy(failed)], Player(settings(**config))
    )
    assert verdicts(episode.replayed) == [(3, HANDOFF)]


def test_a_message_that_was_not_understood_is_offered_a_human_at_once() -> None:
    config = {"weights": {"fallbacks": 0.6}, "fallbacks": 1}
    talk = [said("hm", CALM, "nlu_fallback"), ActionExecuted("action_default_fallback")]
    talk += [UserUtteranceReverted(), ActionExecuted("action_listen", policy="followup_action")]
    [episode] = play(talk, Player(settings(**config), turn_ends=frozenset()))
    assert verdicts(episode.replayed) == [(1, OFFER)]


def test_quiet_hours_are_those_of_the_messages_own_time() -> None:
    talk = [said("a mess", ANGRY), *answered()]  # Monday, 11:00 in Berlin
    night = {"time_zone": "Europe/Berlin", "weights": {"intensity": 0.9}}
    quiet = settings(quiet_hours=[{"days": ["mon"], "from": "11:00", "to": "12:00"}], **night)
    loud = settings(quiet_hours=[{"days": ["mon"], "from": "10:00", "to": "11:00"}], **night)
    [held], [free] = play(talk, Player(quiet)), play(talk, Player(loud))
    assert (verdicts(held.replayed), verdicts(free.replayed)) == ([(1, HELD)], [(1, HANDOFF)])
    assert held.replayed[0].decision is not None
    assert held.replayed[0].decision["held"][0]["by"] == "quiet_hours"


def test_weighed_as_it_happened_a_recorded_offer_holds_the_next_one_back() -> None:
    talk = [
        *(said("a mess", ANGRY), *answered(), *answered("utter_offer_human", OFFERED)),
        *(said("a mess", ANGRY), *answered()),
    ]
    strict = settings(weights={"streak": 0, "repeats": 0, "trend": 0})
    [episode] = play(talk, Player(strict, as_happened=True))
    assert verdicts(episode.replayed) == [(1, OFFER), (2, HELD)]
    closest = episode.closest()
    assert closest is not None
    assert (closest[0], closest[1]["score"]) == (1, 0.7)


def test_what_was_held_back_is_read_from_the_tracker() -> None:
    held = {**OFFERED, "verdict": "nothing"}
    held["held"] = [{"by": "cooldown", "verdict": OFFER, "says": "offered 1 turn ago"}]
    talk = [said("a mess", CROSS), SlotSet("escalation_held", held), *answered()]
    [episode] = play(talk, Player(settings()))
    assert [(mark.verdict, mark.decision) for mark in episode.happened] == [(HELD, held)]


def test_decisions_of_another_shape_are_passed_over() -> None:
    odd: list[Any] = [
        *({}, {"score": "high"}, {"escalate": True, "score": float("inf")}),
        {**DECISION, "reasons": [{"says": 3}, "x", {"says": "y", "weight": "z"}], "held": "no"},
    ]
    talk = [each for one in odd for each in (said("hm", CALM), *answered("utter_x", one))]
    [episode] = play(talk, Player(settings()))
    assert verdicts(episode.happened) == [(4, HANDOFF)]
    assert episode.happened[0].decision == {**DECISION, "reasons": [], "held": []}


def test_a_conversation_without_customer_messages_has_no_part() -> None:
    assert play([*session(), SlotSet("handoff_state", "queued")], Player(settings())) == []
