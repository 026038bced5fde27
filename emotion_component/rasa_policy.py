"""The policy that offers a human, hands over to one, and is silent while one has the word."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ConversationPaused, Event, SlotSet, UserUtteranceReverted
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from emotion_component import escalation, rasa_turn_ends, survey, trajectory
from emotion_component.rasa_errors import as_rasa_errors
from emotion_component.rasa_policy_config import (
    DECLINED_ACTION,
    NOTICE_ACTION,
    default_config,
    refuse_unknown,
    require_in_domain,
)
from emotion_component.rasa_turn import (
    LISTEN,
    actions_of,
    end_of_form,
    events_of_this_turn,
    failed,
    kept,
    moment,
    spoke_after,
    state,
    state_lost_to_session_start,
    taken_back_from_form,
)

logger = logging.getLogger(__name__)

QUEUED_STATE = "queued"
REASON_SLOT = "escalation_reason"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class EscalationPolicy(Policy):
    """Offers a human or hands over to one for stated reasons; predicts nothing otherwise.

    An offer follows the bot's own answer, and a handoff comes instead of it. The customer's yes
    hands over; after a no the bot goes on, and a form asks its question again. While the slot
    `handoff_state` is not `bot` the policy predicts `action_listen`, whatever the others say, and
    pauses the tracker again where a new session un-paused it.

    Every setting of `escalation.Settings` can be set in config.yml, and two actions:
    `handoff_action` hands over, `utter_handoff` unless set; `unanswered_action` is a reply for
    turns on which a custom action failed, with the action server down for one, and the bot would
    say nothing.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The policy's settings and their defaults."""
        return default_config()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        turn_ends: set[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Check the settings.

        Raises:
            InvalidConfigException: If a setting is unknown or out of its range.
        """
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        with as_rasa_errors():
            self._settings = escalation.Settings.from_config(config)
            refuse_unknown(config)
        self._handoff_action = str(config["handoff_action"])
        self._unanswered_action = config["unanswered_action"]
        self._turn_ends = turn_ends or set()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """What Rasa's cache cannot see: how turns are learned."""
        return rasa_turn_ends.VERSION

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EscalationPolicy:
        """Load what `train` learned of the bot's turns."""
        turn_ends = rasa_turn_ends.load(model_storage, resource)
        return cls(config, model_storage, resource, execution_context, turn_ends)

    def train(
        self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Check that the domain can hand over, and learn after which actions the bot listens.

        Raises:
            InvalidConfigException: If an action that this policy predicts or the slot
                `handoff_state` is missing.
        """
        with as_rasa_errors():
            require_in_domain(domain, self.config, self._settings)
        self._turn_ends = rasa_turn_ends.learn(training_trackers)
        rasa_turn_ends.save(self._turn_ends, self._model_storage, self._resource)
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict an offer, the handoff, silence, or nothing at all."""
        carried = state_lost_to_session_start(tracker)
        if carried:
            return self._silence(tracker, domain, [SlotSet(trajectory.HANDOFF_SLOT, carried)])
        this_turn = events_of_this_turn(tracker)
        actions = actions_of(this_turn)
        if state(tracker) != trajectory.BOT_STATE:
            if self._owes_a_notice(this_turn, actions, domain):
                return self._certain(NOTICE_ACTION, domain)
            return self._silence(tracker, domain, [])
        if survey.is_answered(tracker.events):
            return self._leave_to_the_desk(domain)
        if self._handoff_action in actions:
            # Under `rasa test` actions run without their events: the slot still says `bot`.
            return self._certain(LISTEN, domain)
        if self._has_spoken(this_turn):
            return self._certain(LISTEN, domain)
        if DECLINED_ACTION in actions:
            return self._after_a_no(tracker, actions, domain)
        return self._weigh(tracker, this_turn, actions, domain)

    def _weigh(
        self,
        tracker: DialogueStateTracker,
        this_turn: list[Any],
        actions: list[str],
        domain: Domain,
    ) -> PolicyPrediction:
        decision = escalation.weigh(
            tracker.events,
            self._settings,
            forms=domain.form_names,
            in_form=tracker.active_loop_name is not None,
            now=moment(tracker),
        )
        if decision["escalate"]:
            return self._hand_over(tracker, this_turn, decision, domain)
        declined = decision["answer"] == escalation.DECLINED and not actions
        if declined and DECLINED_ACTION in domain.responses:
            taken_back = taken_back_from_form(tracker, this_turn)
            return self._hidden(DECLINED_ACTION, domain, taken_back, decision)
        if decision["verdict"] == escalation.OFFER and self._may_offer(tracker, actions):
            logger.info("Conversation '%s' is offered a human.", tracker.sender_id)
            return self._hidden(self._settings.offer_action, domain, [], decision)
        unanswered = failed(this_turn) and self._stops_here(tracker, actions, domain)
        if unanswered and self._unanswered_action:
            return self._hidden(self._unanswered_action, domain, kept(tracker, decision))
        return self._nothing(domain, kept(tracker, decision))

    def _hand_over(
        self,
        tracker: DialogueStateTracker,
        this_turn: list[Any],
        decision: escalation.Decision,
        domain: Domain,
    ) -> PolicyPrediction:
        reason = escalation.summarize(decision)
        logger.info("Conversation '%s' goes to a human: %s.", tracker.sender_id, reason)
        accepted = decision["answer"] == escalation.ACCEPTED
        events: list[Event] = [
            SlotSet(trajectory.HANDOFF_SLOT, QUEUED_STATE),
            SlotSet(REASON_SLOT, reason),
            *(taken_back_from_form(tracker, this_turn) if accepted else []),
            *end_of_form(tracker),
        ]
        return self._certain(
            self._handoff_action,
            domain,
            optional_events=events,
            action_metadata={"escalation": decision},
        )

    def _after_a_no(
        self, tracker: DialogueStateTracker, actions: list[str], domain: Domain
    ) -> PolicyPrediction:
        """Let an open form ask its question again, then listen."""
        form = tracker.active_loop_name
        if form and form not in actions:
            return self._hidden(form, domain, [])
        return self._hidden(LISTEN, domain, [])

    def _has_spoken(self, this_turn: list[Any]) -> bool:
        """Whether this policy made an offer on this turn, or spoke for an action that failed.

        A story of the author's may use the same reply and go on after it. Under `rasa test` the
        actions come from the story that is tested, and name no policy.
        """
        return any(
            event.type_name == "action"
            and event.action_name in (self._settings.offer_action, self._unanswered_action)
            and event.policy in (None, type(self).__name__)
            for event in this_turn
        )

    def _may_offer(self, tracker: DialogueStateTracker, actions: list[str]) -> bool:
        """Whether the bot has given its own answer, or has none to give.

        The offer comes after the answer. A message that was not understood gets it at once: Rasa
        asks no policy after its own fallback, and one more "I didn't get that" helps nobody.
        """
        if not actions and not tracker.active_loop_name and tracker.latest_message:
            intent = tracker.latest_message.intent.get("name")
            return intent in self._settings.fallback_intents
        return rasa_turn_ends.has_ended(tracker, actions, self._turn_ends)

    def _stops_here(
        self, tracker: DialogueStateTracker, actions: list[str], domain: Domain
    ) -> bool:
        """Whether the bot listens next. A form that fails before it is open ends a turn, too."""
        ended = rasa_turn_ends.has_ended(tracker, actions, self._turn_ends)
        return ended or actions[-1] in domain.form_names

    def _nothing(self, domain: Domain, events: list[Event]) -> PolicyPrediction:
        # Below every priority in use: where all policies predict nothing, it must not be this
        # one's empty prediction that wins.
        name = type(self).__name__
        return PolicyPrediction(self._default_predictions(domain), name, 0, events)

    def _silence(
        self, tracker: DialogueStateTracker, domain: Domain, events: list[Event]
    ) -> PolicyPrediction:
        # The pause is what stops Rasa from asking any policy. A new session lifts it, so it is
        # set again whenever a prediction is asked for while a human has the conversation.
        pause = [] if tracker.is_paused() else [ConversationPaused()]
        return self._certain(LISTEN, domain, events=[*events, *pause])

    def _leave_to_the_desk(self, domain: Domain) -> PolicyPrediction:
        """Keep silent on an answer to the desk's survey, and undo the turn.

        Slots that the message filled, a form that it left and the stories' place are all as they
        were before; the desk reads the answer from the events, where it stays.
        """
        events: list[Event] = [UserUtteranceReverted()]
        marked = {survey.METADATA: True}
        return self._certain(LISTEN, domain, events=events, action_metadata=marked)

    def _hidden(
        self,
        action: str,
        domain: Domain,
        events: list[Event],
        decision: escalation.Decision | None = None,
    ) -> PolicyPrediction:
        """Predict what the bot's own stories shall not notice.

        Policies that learn from stories look past such an action, as past a turn of a rule: the
        story goes on where it was before the offer.
        """
        metadata = {"escalation": decision} if decision else None
        prediction = self._certain(action, domain, optional_events=events, action_metadata=metadata)
        prediction.hide_rule_turn = True
        return prediction

    def _certain(self, action: str, domain: Domain, **more: Any) -> PolicyPrediction:
        # `is_no_user_prediction` is what overrules an active form.
        return self._prediction(
            confidence_scores_for(action, 1.0, domain), is_no_user_prediction=True, **more
        )

    def _owes_a_notice(self, this_turn: list[Any], actions: list[str], domain: Domain) -> bool:
        """Whether the handoff ran on this turn and the customer was told nothing."""
        if self._handoff_action == NOTICE_ACTION or NOTICE_ACTION not in domain.responses:
            return False
        if self._handoff_action not in actions or NOTICE_ACTION in actions:
            return False
        return not spoke_after(this_turn, self._handoff_action)
