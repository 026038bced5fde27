from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

from emotion_component.rasa_policy import EscalationPolicy
from emotion_component.rasa_policy_config import PRIORITY
from tests.emotion_component.conversation import domain, emotion, said, tracker

BOT = domain({"intents": ["complain", "talk_to_human"], "actions": ["action_handoff"]})
LISTEN = ActionExecuted("action_listen")


def policy(tmp_path: Path, **config: Any) -> EscalationPolicy:
    return EscalationPolicy(
        {**EscalationPolicy.get_default_config(), **config},
        LocalModelStorage.create(tmp_path),
        Resource("escalation"),
        ExecutionContext(GraphSchema({})),
    )


def predict(
    tmp_path: Path, events: list[Event], of: Domain = BOT, **config: Any
) -> PolicyPrediction:
    return policy(tmp_path, **config).predict_action_probabilities(tracker(events, of), of)


def action(prediction: PolicyPrediction, of: Domain = BOT) -> str | None:
    if prediction.max_confidence == 0.0:
        return None
    return str(of.action_names_or_texts[prediction.max_confidence_index])


ANGRY = said(emotion("anger"))
CALM = said(emotion("neutral"))
HUMAN = said(emotion("neutral"), "talk_to_human")


@pytest.mark.parametrize("events", [[], [LISTEN, CALM], [LISTEN, ANGRY], [LISTEN, said(None)]])
def test_it_predicts_nothing_and_wins_no_tie_without_a_reason(
    tmp_path: Path, events: list[Event]
) -> None:
    prediction = predict(tmp_path, events)

    assert set(prediction.probabilities) == {0.0}
    assert (prediction.policy_priority, prediction.is_no_user_prediction) == (0, False)
    assert (prediction.events, prediction.optional_events) == ([], [])


def test_a_request_for_a_human_hands_over_with_the_decision_beside_it(tmp_path: Path) -> None:
    prediction = predict(tmp_path, [LISTEN, HUMAN], handoff_action="action_handoff")

    assert action(prediction) == "action_handoff"
    assert prediction.is_no_user_prediction
    assert prediction.policy_priority == PRIORITY
    assert prediction.events == []
    assert prediction.optional_events == [
        SlotSet("handoff_state", "queued"),
        SlotSet("escalation_reason", "asked for a human"),
    ]
    assert prediction.action_metadata == {
        "escalation": {
            "verdict": "handoff",
            "escalate": True,
            "score": 1.0,
            "levels": {"offer": 0.5, "handoff": 0.8},
            "reasons": [
                {
                    "signal": "human_request",
                    "value": "talk_to_human",
                    "weight": 1.0,
                    "says": "asked for a human",
                }
            ],
            "held": [],
            "answer": None,
        }
    }


def test_three_angry_turns_hand_over_also_when_a_fallback_reverted_some(tmp_path: Path) -> None:
    reverted = [ActionExecuted("action_default_fallback"), UserUtteranceReverted(), LISTEN]

    turns = [LISTEN, ANGRY, *reverted, ANGRY, *reverted, ANGRY]
    prediction = predict(tmp_path, turns, handoff=0.7)

    assert action(prediction) == "utter_handoff"
    assert prediction.optional_events[1] == SlotSet(
        "escalation_reason", "negative 3 turns in a row"
    )


def test_a_handoff_ends_the_form_it_happens_in(tmp_path: Path) -> None:
    form = domain(
        {
            "intents": ["talk_to_human"],
            "slots": {"number": {"type": "text", "mappings": [{"type": "from_text"}]}},
            "forms": {"order_form": {"required_slots": ["number"]}},
        }
    )
    inside = [ActiveLoop("order_form"), SlotSet("requested_slot", "number"), LISTEN, HUMAN]

    prediction = predict(tmp_path, inside, form)

    assert action(prediction, form) == "utter_handoff"
    assert prediction.optional_events[2:] == [ActiveLoop(None), SlotSet("requested_slot", None)]


@pytest.mark.parametrize("state", ["queued", "agent"])
def test_while_a_human_has_it_the_bot_only_listens_and_stays_paused(
    tmp_path: Path, state: str
) -> None:
    taken: list[Event] = [SlotSet("handoff_state", state), LISTEN, HUMAN]

    unpaused = predict(tmp_path, taken)
    paused = predict(tmp_path, [*taken, ConversationPaused()])

    assert (action(unpaused), unpaused.events) == ("action_listen", [ConversationPaused()])
    assert (action(paused), paused.events) == ("action_listen", [])
    assert unpaused.is_no_user_prediction


def test_a_new_session_does_not_give_the_conversation_back_to_the_bot(tmp_path: Path) -> None:
    before = [HUMAN, SlotSet("handoff_state", "agent"), ConversationPaused()]
    carried = [SessionStarted(), SlotSet("handoff_state", "agent"), LISTEN, CALM]
    dropped = [SessionStarted(), SlotSet("handoff_state", "bot"), LISTEN, CALM]
    forgotten = [SessionStarted(), LISTEN, CALM]

    kept = predict(tmp_path, [*before, *carried])
    lost = predict(tmp_path, [*before, *forgotten])

    assert (action(kept), kept.events) == ("action_listen", [ConversationPaused()])
    assert (action(lost), lost.events) == (
        "action_listen",
        [SlotSet("handoff_state", "agent"), ConversationPaused()],
    )
    assert action(predict(tmp_path, [*before, *dropped])) is None


def test_a_new_session_after_the_handback_or_a_restart_is_the_bots(tmp_path: Path) -> None:
    handed_back = [HUMAN, SlotSet("handoff_state", "agent"), SlotSet("handoff_state", "bot")]
    taken = [HUMAN, SlotSet("handoff_state", "agent"), Restarted()]

    for before in (handed_back, taken):
        assert action(predict(tmp_path, [*before, SessionStarted(), LISTEN, CALM])) is None


def test_after_the_handback_old_anger_does_not_hand_over_again(tmp_path: Path) -> None:
    handed_back = [
        *[LISTEN, ANGRY] * 3,
        SlotSet("handoff_state", "queued"),
        ConversationPaused(),
        SlotSet("handoff_state", "agent"),
        SlotSet("handoff_state", "bot"),
        ConversationResumed(),
        BotUttered("Back to me."),
        LISTEN,
    ]

    assert action(predict(tmp_path, [*handed_back, ANGRY])) is None
    angry_again = [*handed_back, *[ANGRY, LISTEN] * 2, ANGRY]
    assert action(predict(tmp_path, angry_again, handoff=0.7)) == "utter_handoff"
    assert action(predict(tmp_path, [*handed_back, HUMAN])) == "utter_handoff"


def test_the_third_message_that_is_not_understood_brings_an_offer_and_the_fourth_hands_over(
    tmp_path: Path,
) -> None:
    unclear = said(emotion("neutral"), "nlu_fallback")
    fallback = [LISTEN, unclear, ActionExecuted("action_default_fallback"), UserUtteranceReverted()]

    predicted = [
        action(predict(tmp_path, [*fallback * before, LISTEN, unclear])) for before in range(4)
    ]

    assert predicted == [None, None, "utter_offer_human", "utter_handoff"]


def test_a_customer_who_was_told_nothing_gets_the_plain_notice(tmp_path: Path) -> None:
    failed = [LISTEN, HUMAN, SlotSet("handoff_state", "queued"), ActionExecuted("action_handoff")]
    told = [*failed, BotUttered("A colleague takes over.")]
    noticed = [*failed, ActionExecuted("utter_handoff"), BotUttered("A colleague takes over.")]

    followed = {
        name: action(predict(tmp_path, events, handoff_action="action_handoff"))
        for name, events in (("failed", failed), ("told", told), ("noticed", noticed))
    }

    assert followed == {
        "failed": "utter_handoff",
        "told": "action_listen",
        "noticed": "action_listen",
    }


def test_under_rasa_test_the_handoff_is_followed_by_listening(tmp_path: Path) -> None:
    # There, actions run without their events: neither slot nor bot message reaches the tracker.
    events = [LISTEN, HUMAN, ActionExecuted("action_handoff")]

    assert action(predict(tmp_path, events, handoff_action="action_handoff")) == "action_listen"


def test_a_domain_without_our_slots_is_read_as_the_bots(tmp_path: Path) -> None:
    bare = Domain.from_dict({"intents": ["talk_to_human"]})

    assert action(predict(tmp_path, [LISTEN, CALM], bare), bare) is None


def test_training_refuses_a_domain_that_cannot_hand_over(tmp_path: Path) -> None:
    bare = Domain.from_dict({"intents": ["talk_to_human"], "actions": ["action_handoff"]})
    replies = {"responses": {"utter_offer_human": [{"text": "A colleague?"}]}}
    no_slot = bare.merge(Domain.from_dict(replies))

    with pytest.raises(InvalidConfigException, match=r"Received: handoff_action='action_nowhere'"):
        policy(tmp_path, handoff_action="action_nowhere").train([], BOT)
    with pytest.raises(InvalidConfigException, match=r"Received: offer_action='utter_offer_human'"):
        policy(tmp_path, handoff_action="action_handoff").train([], bare)
    with pytest.raises(InvalidConfigException, match=r"needs the slot `handoff_state`"):
        policy(tmp_path, handoff_action="action_handoff").train([], no_slot)
    with pytest.raises(InvalidConfigException, match=r"needs the slot `handoff_state`"):
        policy(tmp_path, handoff_action="action_handoff", offer=None).train([], bare)
    assert policy(tmp_path).train([], BOT) == Resource("escalation")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"treshold": 0.5}, "EscalationPolicy has no setting `treshold`"),
        ({"streak": -1}, "`streak` must be a whole number of at least 1"),
        ({"threshold": 0.5}, "`threshold` is now called `handoff`"),
        ({"offer": 0.9, "handoff": 0.6}, r"`offer` \(0.9\) lies above `handoff` \(0.6\)"),
    ],
)
def test_a_wrong_setting_stops_the_training(
    tmp_path: Path, config: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidConfigException, match=message):
        policy(tmp_path, **config)


def test_what_was_held_back_is_kept_in_a_slot_until_nothing_is(tmp_path: Path) -> None:
    fury = said(emotion("anger", 0.95))
    night = {"quiet_hours": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}]}

    held = predict(tmp_path, [LISTEN, fury], time_zone="UTC", **night)
    (event,) = held.events
    same = predict(tmp_path, [LISTEN, fury, event], time_zone="UTC", **night)
    over = predict(tmp_path, [LISTEN, fury, event, LISTEN, CALM], time_zone="UTC", **night)

    assert (action(held), held.policy_priority, held.optional_events) == (None, 0, [])
    assert event.key == "escalation_held"
    assert (event.value["verdict"], event.value["score"]) == ("nothing", 0.7)
    assert event.value["held"] == [
        {"by": "quiet_hours", "verdict": "offer", "says": "quiet hours 00:00 to 24:00 (UTC)"}
    ]
    assert same.events == []
    assert over.events == [SlotSet("escalation_held", None)]


class Author(Policy):
    """A policy of an author's own that is always sure of one action."""

    def __init__(self, action_name: str, priority: int, *, in_loop: bool = False) -> None:
        self.action_name, self.author_priority, self.in_loop = action_name, priority, in_loop

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        raise NotImplementedError

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        scores = confidence_scores_for(self.action_name, 1.0, domain)
        name, priority = self.action_name, self.author_priority
        return PolicyPrediction(scores, name, priority, is_no_user_prediction=self.in_loop)


def together(tmp_path: Path, events: list[Event], *authors: Author) -> PolicyPrediction:
    """What Rasa makes of this policy's prediction and the author's."""
    talk = tracker(events, BOT)
    policies: list[Policy] = [policy(tmp_path), *authors]
    predictions = [each.predict_action_probabilities(talk, BOT) for each in policies]
    return DefaultPolicyPredictionEnsemble().combine_predictions(predictions, talk, BOT)


def test_two_policies_of_higher_priority_do_not_keep_a_customer_from_a_human(
    tmp_path: Path,
) -> None:
    authors = Author("action_restart", 200), Author("action_back", 300)

    calm = together(tmp_path, [LISTEN, CALM], *authors)
    asked = together(tmp_path, [LISTEN, HUMAN], *authors)
    taken = together(tmp_path, [SlotSet("handoff_state", "agent"), LISTEN, CALM], *authors)

    assert [action(each) for each in (calm, asked, taken)] == [
        *("action_back", "utter_handoff", "action_listen"),
    ]


def test_an_author_who_overrules_everything_gets_no_half_of_a_handoff(tmp_path: Path) -> None:
    authors = Author("action_restart", 200), Author("action_back", 300, in_loop=True)

    asked = together(tmp_path, [LISTEN, HUMAN], *authors)
    taken = together(tmp_path, [SlotSet("handoff_state", "agent"), LISTEN, CALM], *authors)

    assert action(asked) == "action_back"
    assert [event for event in asked.events if isinstance(event, SlotSet)] == []
    # Once a human has it, the pause comes whoever wins, and stops further predictions.
    assert ConversationPaused() in taken.events


def test_after_thousands_of_turns_it_decides_as_after_three(tmp_path: Path) -> None:
    before = [each for _ in range(3000) for each in (LISTEN, CALM, ActionExecuted("action_x"))]

    short = predict(tmp_path, [LISTEN, HUMAN])
    long = predict(tmp_path, [*before, LISTEN, HUMAN])

    assert (action(short), long) == ("utter_handoff", short)


def test_slots_that_the_domain_does_not_know_do_no_harm(tmp_path: Path) -> None:
    events: list[Event] = [SlotSet("nobody_knows", {"a": 1}), LISTEN, HUMAN]

    assert action(predict(tmp_path, events)) == "utter_handoff"


def test_a_failed_action_is_followed_by_a_word_where_the_bot_would_say_nothing(
    tmp_path: Path,
) -> None:
    of = domain({"actions": ["action_status"], "responses": {"utter_default": [{"text": "?"}]}})
    tried = policy(tmp_path, unanswered_action="utter_default")
    tried.train([_story("action_status")], of)
    asked = [LISTEN, said(emotion("neutral"), "status")]
    ran = ActionExecuted("action_status", policy="RulePolicy")
    turns = {
        "failed": [ran],
        "answered": [ran, BotUttered("It is on its way.")],
        "did something": [ran, SlotSet("language", "en")],
        "in a test story": [ActionExecuted("action_status")],
        "not the last": [ActionExecuted("action_more", policy="RulePolicy")],
        "said": [ran, ActionExecuted("utter_default", policy="EscalationPolicy")],
    }

    found = {
        name: action(tried.predict_action_probabilities(tracker([*asked, *events], of), of), of)
        for name, events in turns.items()
    }

    spoken = {"failed": "utter_default", "said": "action_listen"}
    assert found == {**dict.fromkeys(turns), **spoken}


def test_without_being_asked_it_says_nothing_about_failed_actions(tmp_path: Path) -> None:
    ran = ActionExecuted("action_handoff", policy="RulePolicy")

    assert action(predict(tmp_path, [LISTEN, CALM, ran])) is None


def _story(*actions: str) -> TrackerWithCachedStates:
    story = [LISTEN, said(emotion("neutral"), "status"), *map(ActionExecuted, actions), LISTEN]
    return TrackerWithCachedStates.from_events("story", story)


def test_an_answer_to_the_desks_survey_leaves_the_dialogue_as_it_was(tmp_path: Path) -> None:
    survey = {"survey": {"step": "asked", "answers": ["1", "2"]}}
    before = [LISTEN, CALM, ActionExecuted("utter_handoff"), LISTEN]
    asked = BotUttered("How was it?", metadata=survey)
    answer = said(emotion("anger"), "talk_to_human", text="2")

    for extra in ([], [SessionStarted(), LISTEN]):
        turn = [*before, asked, *extra, answer, SlotSet("escalation_reason", "filled by it")]
        prediction = predict(tmp_path, turn)
        assert action(prediction) == "action_listen"
        assert prediction.is_no_user_prediction
        assert prediction.events == [UserUtteranceReverted()]
        assert prediction.action_metadata == {"survey": True}

    after = tracker([*turn[: len(before) + 1], answer, *turn[-1:], *prediction.events, LISTEN], BOT)
    without = tracker(before, BOT)
    assert after.past_states(BOT) == without.past_states(BOT)
    assert after.current_slot_values() == without.current_slot_values()
    assert after.latest_action_name == "action_listen"


def test_while_a_human_has_the_conversation_an_answer_changes_nothing(tmp_path: Path) -> None:
    survey = {"survey": {"step": "asked", "answers": ["1"]}}
    turn = [BotUttered("?", metadata=survey), SlotSet("handoff_state", "agent"), LISTEN]
    prediction = predict(tmp_path, [*turn, said(None, text="1")])
    assert (action(prediction), prediction.events) == ("action_listen", [ConversationPaused()])
