from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
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
from rasa.shared.exceptions import InvalidConfigException

from emotion_component.rasa_policy import PRIORITY, EscalationPolicy
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
    }


def test_three_angry_turns_hand_over_also_when_a_fallback_reverted_some(tmp_path: Path) -> None:
    reverted = [ActionExecuted("action_default_fallback"), UserUtteranceReverted(), LISTEN]

    prediction = predict(tmp_path, [LISTEN, ANGRY, *reverted, ANGRY, *reverted, ANGRY])

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
    assert action(predict(tmp_path, [*handed_back, *[ANGRY, LISTEN] * 2, ANGRY])) == "utter_handoff"
    assert action(predict(tmp_path, [*handed_back, HUMAN])) == "utter_handoff"


def test_the_third_message_that_ends_in_a_fallback_hands_over_right_after_it(
    tmp_path: Path,
) -> None:
    fallback = [LISTEN, CALM, ActionExecuted("action_default_fallback"), UserUtteranceReverted()]

    assert action(predict(tmp_path, [*fallback * 2, LISTEN, CALM])) is None
    assert action(predict(tmp_path, fallback * 2)) is None
    assert action(predict(tmp_path, fallback * 3)) == "utter_handoff"


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

    with pytest.raises(InvalidConfigException, match=r"Received: handoff_action='action_nowhere'"):
        policy(tmp_path, handoff_action="action_nowhere").train([], BOT)
    with pytest.raises(InvalidConfigException, match=r"needs the slot `handoff_state`"):
        policy(tmp_path, handoff_action="action_handoff").train([], bare)
    assert policy(tmp_path).train([], BOT) == Resource("escalation")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"treshold": 0.5}, "EscalationPolicy has no setting `treshold`"),
        ({"streak": -1}, "`streak` must be a whole number of at least 1"),
    ],
)
def test_a_wrong_setting_stops_the_training(
    tmp_path: Path, config: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidConfigException, match=message):
        policy(tmp_path, **config)
