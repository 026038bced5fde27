"""The policy that hands a conversation to a human, and keeps the bot silent while one has it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from rasa.core.constants import POLICY_PRIORITY
from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, ConversationPaused, Event, SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from emotion_component import escalation, trajectory
from emotion_component.errors import ConfigurationError
from emotion_component.rasa_errors import as_rasa_errors

logger = logging.getLogger(__name__)

QUEUED_STATE = "queued"
REASON_SLOT = "escalation_reason"
# A plain reply: it reaches the customer without an action server.
NOTICE_ACTION = "utter_handoff"
# Far above Rasa's own policies (6 at most), so that a tie in confidence goes to this one.
PRIORITY = 100

_DEFAULT_SETTINGS = escalation.Settings()


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class EscalationPolicy(Policy):
    """Hands over to a human for stated reasons; predicts nothing otherwise.

    While the slot `handoff_state` is not `bot` it predicts `action_listen`, whatever the other
    policies say, and pauses the tracker again where a new session un-paused it.

    Every setting of `escalation.Settings` can be set in config.yml, and `handoff_action`: the
    action that hands over, `utter_handoff` unless set.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The policy's settings and their defaults."""
        names = escalation.Settings.__dataclass_fields__
        settings = {name: _plain(getattr(_DEFAULT_SETTINGS, name)) for name in names}
        return {POLICY_PRIORITY: PRIORITY, "handoff_action": NOTICE_ACTION, **settings}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        """Check the settings.

        Raises:
            InvalidConfigException: If a setting is unknown or out of its range.
        """
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        with as_rasa_errors():
            _refuse_unknown(config, self.get_default_config())
            self._settings = escalation.Settings.from_config(config)
        self._handoff_action = str(config["handoff_action"])

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Check that the domain can hand over; there is nothing to learn.

        Raises:
            InvalidConfigException: If the handoff action or the slot `handoff_state` is missing.
        """
        with as_rasa_errors():
            _require_handoff(domain, self._handoff_action)
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict the handoff, silence, or nothing at all."""
        carried = _state_lost_to_session_start(tracker)
        if carried:
            return self._silence(tracker, domain, [SlotSet(trajectory.HANDOFF_SLOT, carried)])
        this_turn = _events_of_this_turn(tracker)
        if _state(tracker) != trajectory.BOT_STATE:
            if self._owes_a_notice(this_turn, domain):
                return self._certain(NOTICE_ACTION, domain)
            return self._silence(tracker, domain, [])
        if _ran(this_turn, self._handoff_action):
            # Under `rasa test` actions run without their events: the slot still says `bot`.
            return self._certain(ACTION_LISTEN_NAME, domain)
        return self._weigh(tracker, domain)

    def _weigh(self, tracker: DialogueStateTracker, domain: Domain) -> PolicyPrediction:
        signals = escalation.read(
            trajectory.recent_turns(tracker.events),
            self._settings,
            forms=domain.form_names,
            in_form=tracker.active_loop_name is not None,
        )
        decision = escalation.decide(signals, self._settings)
        if not decision["escalate"]:
            return self._nothing(domain)
        reason = escalation.summarize(decision)
        logger.info("Conversation '%s' goes to a human: %s.", tracker.sender_id, reason)
        events: list[Event] = [
            SlotSet(trajectory.HANDOFF_SLOT, QUEUED_STATE),
            SlotSet(REASON_SLOT, reason),
            *_end_of_form(tracker),
        ]
        return self._certain(
            self._handoff_action,
            domain,
            optional_events=events,
            action_metadata={"escalation": decision},
        )

    def _nothing(self, domain: Domain) -> PolicyPrediction:
        # Below every priority in use: where all policies predict nothing, it must not be this
        # one's empty prediction that wins.
        return PolicyPrediction(self._default_predictions(domain), type(self).__name__, 0)

    def _silence(
        self, tracker: DialogueStateTracker, domain: Domain, events: list[Event]
    ) -> PolicyPrediction:
        # The pause is what stops Rasa from asking any policy. A new session lifts it, so it is
        # set again whenever a prediction is asked for while a human has the conversation.
        pause = [] if tracker.is_paused() else [ConversationPaused()]
        return self._certain(ACTION_LISTEN_NAME, domain, events=[*events, *pause])

    def _certain(self, action: str, domain: Domain, **more: Any) -> PolicyPrediction:
        # `is_no_user_prediction` is what overrules an active form.
        return self._prediction(
            confidence_scores_for(action, 1.0, domain), is_no_user_prediction=True, **more
        )

    def _owes_a_notice(self, this_turn: list[Any], domain: Domain) -> bool:
        """Whether the handoff ran on this turn and the customer was told nothing."""
        if self._handoff_action == NOTICE_ACTION or NOTICE_ACTION not in domain.responses:
            return False
        if not _ran(this_turn, self._handoff_action) or _ran(this_turn, NOTICE_ACTION):
            return False
        names = [_name(event) for event in this_turn]
        after = this_turn[names.index(self._handoff_action) :]
        return all(event.type_name != "bot" for event in after)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, (int, float, str)) else dict(value)


def _refuse_unknown(config: dict[str, Any], known: dict[str, Any]) -> None:
    # `max_history` and `featurizer` belong to Rasa's base class.
    unknown = sorted(set(config) - set(known) - {"max_history", "featurizer"})
    if unknown:
        raise ConfigurationError(
            f"EscalationPolicy has no setting `{unknown[0]}`. Known: {', '.join(sorted(known))}. "
            "Correct it in config.yml under EscalationPolicy."
        )


def _require_handoff(domain: Domain, action: str) -> None:
    if action not in domain.action_names_or_texts:
        raise ConfigurationError(
            f"`handoff_action` must be an action of the domain. Received: "
            f"handoff_action={action!r}. Set it in config.yml under EscalationPolicy, or list the "
            "action in domain.yml."
        )
    if all(slot.name != trajectory.HANDOFF_SLOT for slot in domain.slots):
        raise ConfigurationError(
            f"EscalationPolicy needs the slot `{trajectory.HANDOFF_SLOT}`, which the domain lacks. "
            "Name emotion_component.rasa_importer.EmotionImporter under `importers` in "
            "config.yml, or add the slot to domain.yml."
        )


def _state(tracker: DialogueStateTracker) -> str:
    # `tracker.get_slot` would log each look at a slot that a domain lacks.
    slot = tracker.slots.get(trajectory.HANDOFF_SLOT)
    return str(slot.value) if slot is not None and slot.value else trajectory.BOT_STATE


def _state_lost_to_session_start(tracker: DialogueStateTracker) -> str | None:
    """The state that held before a session start dropped the slots, if a human had it.

    Where a bot does not carry slots over (`carry_over_slots_to_new_session: false`), the new
    session would give the conversation back to the bot while a colleague is still answering.
    """
    new_session = False
    for event in _newest_first(tracker.events):
        if event.type_name == "session_started":
            new_session = True
        elif event.type_name == "restart" or (
            event.type_name == "user" and not new_session and event is not tracker.latest_message
        ):
            return None
        elif event.type_name == "slot" and event.key == trajectory.HANDOFF_SLOT:
            lost = new_session and event.value not in (None, trajectory.BOT_STATE)
            return str(event.value) if lost and event.value != _state(tracker) else None
    return None


def _newest_first(events: Any) -> Iterable[Any]:
    for seen, event in enumerate(reversed(events)):
        if seen >= trajectory.LOOK_BACK_EVENTS:
            return
        yield event


def _events_of_this_turn(tracker: DialogueStateTracker) -> list[Any]:
    """The events after the customer's newest message, oldest first."""
    found: list[Any] = []
    for event in _newest_first(tracker.events):
        if event.type_name == "user":
            break
        found.append(event)
    found.reverse()
    return found


def _name(event: Any) -> str | None:
    return event.action_name if event.type_name == "action" else None


def _ran(events: list[Any], action: str) -> bool:
    return any(_name(event) == action for event in events)


def _end_of_form(tracker: DialogueStateTracker) -> list[Event]:
    # After the handback the customer's first words are not an answer to a question that a form
    # asked before a human took over.
    if not tracker.active_loop_name:
        return []
    return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
