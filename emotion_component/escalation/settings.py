"""What it takes to offer a human, and to hand over: every setting, its default and its range.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from emotion_component import trajectory
from emotion_component.errors import ConfigurationError
from emotion_component.escalation import checks, quiet_hours
from emotion_component.escalation.overrides import Override, read_overrides
from emotion_component.escalation.quiet_hours import Window
from emotion_component.escalation.weights import DEFAULT_WEIGHTS, HUMAN_REQUEST, SENSITIVE_TOPIC

# An offer, and the answer after it, must still be among the turns that are read.
MOST_COOLDOWN_TURNS: Final = trajectory.LOOK_BACK_TURNS - 1
MOST_DECLINED_TURNS: Final = trajectory.LOOK_BACK_TURNS - 2


@dataclass(frozen=True)
class Settings:
    """Levels, weights and names.

    Attributes:
        offer: Score from which a human is offered, above 0 up to `handoff`; `None`: never.
        handoff: Score from which the conversation is handed over unasked, above 0 up to 1.
        rearm: After an offer the score must have been below this before another one, above 0 up
            to `offer` (hysteresis).
        cooldown_turns: Messages of the customer after an offer in which there is no other, 0 to 11.
        declined_turns: The same after the customer said no to one, 0 to 10.
        intensity: Intensity of anger or frustration times the confidence in it that counts as
            strong, above 0 up to 1.
        streak: Negative turns in a row that count as a streak, at least 1.
        fallbacks: Turns in a row that the bot did not understand, at least 1.
        repeats: Messages with the same concern, the bot's answers in between, at least 2.
        trend: Trend from which a conversation counts as worsening, -1 up to below 0.
        dissatisfaction: Chance that the customer ends dissatisfied, above 0 up to 1, from which it
            counts, with its weight times the chance.
        weights: Weight of each signal, 0 (ignored) to 1 (enough by itself).
        per_intent: Other levels or weights for a turn with that intent, or silence.
        quiet_hours: Hours at which nobody is there; see `quiet_hours.read`.
        time_zone: Zone of these hours.
        quiet_hours_except: Signals that count in quiet hours all the same.
        human_intents: Intents by which a customer asks for a human.
        sensitive_intents: Intents that always belong to a human.
        courtesy_intents: Intents that are no concern, so that they may repeat.
        fallback_intents: Intents that stand for "not understood".
        fallback_actions: Actions that stand for "not understood".
        offer_action: The reply by which the bot offers a human.
        accept_intents: Intents that say yes to it.
        decline_intents: Intents that say no to it.
        accept_texts: Whole messages that say yes to it; case and punctuation do not count. The
            payloads of the offer's buttons are among them.
        decline_texts: The same for no.
        own_offers: Slots, and their values, by which the bot's own replies say that they have
            offered a human: they count as offers.
        own_questions: Slots, and their values, by which the bot says that a yes or no now belongs
            to a question of its own: no offer is put on top.
    """

    # Half the evidence is reason enough to ask, and a question costs the customer one word.
    offer: float | None = 0.5
    # Above any single signal that the customer did not state in words.
    handoff: float = 0.8
    rearm: float = 0.4
    cooldown_turns: int = 4
    declined_turns: int = 8
    # A complaint shares its scores among anger, frustration and disappointment and stays below: it
    # gets an acknowledgement first. An outright attack lies above.
    intensity: float = 0.75
    streak: int = 3
    fallbacks: int = 3
    repeats: int = 3
    trend: float = -0.5
    # Where a missed case costs three to five needless ones; see `benchmarks.escalation`.
    dissatisfaction: float = 0.25
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    per_intent: Mapping[str, Override] = field(default_factory=dict)
    quiet_hours: tuple[Window, ...] = ()
    time_zone: str | None = None
    quiet_hours_except: tuple[str, ...] = (HUMAN_REQUEST, SENSITIVE_TOPIC)
    human_intents: tuple[str, ...] = ("talk_to_human",)
    sensitive_intents: tuple[str, ...] = ()
    courtesy_intents: tuple[str, ...] = (
        *("greet", "goodbye", "thank", "thanks", "thank_you", "chitchat", "bot_challenge"),
        *("mood_great", "mood_unhappy"),
    )
    fallback_intents: tuple[str, ...] = ("nlu_fallback",)
    fallback_actions: tuple[str, ...] = ("action_default_fallback",)
    offer_action: str = "utter_offer_human"
    accept_intents: tuple[str, ...] = ("affirm", "yes", "confirm", "accept", "agree")
    decline_intents: tuple[str, ...] = ("deny", "no", "decline", "reject", "disagree")
    accept_texts: tuple[str, ...] = (
        *(
            "yes, a colleague",
            "yes",
            "yes please",
            "yeah",
            "yep",
            "sure",
            "ok",
            "okay",
            "please do",
        ),
        *("好，转人工", "好", "好的", "可以", "行", "是", "是的", "要", "需要", "嗯"),
    )
    decline_texts: tuple[str, ...] = (
        *("no, carry on here", "no", "no thanks", "no thank you", "nope", "not now"),
        *("不用，继续", "不", "不用", "不用了", "不要", "不需要", "不必了", "否"),
    )
    own_offers: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    own_questions: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every range, and that the settings agree with each other.

        Raises:
            ConfigurationError: If a value is of the wrong type or out of its range, or if two
                contradict each other.
        """
        _check_each(self)
        _check_levels(self.offer, self.handoff, self.rearm)
        _check_names(self)
        for intent, override in self.per_intent.items():
            _check_override(self, intent, override)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Read the settings among a policy's configuration; keys that are not settings stay out.

        Args:
            config: For example `{"streak": 2, "weights": {"trend": 0}}`. Weights that are not
                named keep their defaults.

        Raises:
            ConfigurationError: If a value is of the wrong type or out of its range, or if two
                contradict each other.
        """
        if "threshold" in config:
            raise ConfigurationError(
                "`threshold` is now called `handoff`, beside `offer`, from which a human is "
                f"offered. Received: threshold={config['threshold']!r}. {checks.WHERE}"
            )
        known = {name: config[name] for name in cls.__dataclass_fields__ if name in config}
        for name, value in known.items():
            if name in _READERS:
                known[name] = _READERS[name](value)
            elif isinstance(value, list):
                known[name] = tuple(value)
        if "quiet_hours" in known:
            zone = known.get("time_zone")
            known["quiet_hours"] = quiet_hours.read(known["quiet_hours"], zone)
        return cls(**known)


def _weights(given: Any) -> Any:
    return {**DEFAULT_WEIGHTS, **given} if isinstance(given, Mapping) else given


def _slot_values(given: Any) -> Any:
    """Values of slots, one or a list of them."""
    if not isinstance(given, Mapping):
        return given
    return {
        slot: tuple(values) if isinstance(values, (list, tuple)) else (values,)
        for slot, values in given.items()
    }


_READERS: Final = {
    "weights": _weights,
    "per_intent": read_overrides,
    "own_offers": _slot_values,
    "own_questions": _slot_values,
}


def _check_each(settings: Settings) -> None:
    if settings.offer is not None:
        checks.require_level("offer", settings.offer)
    for name in ("handoff", "rearm", "intensity", "dissatisfaction"):
        checks.require_level(name, getattr(settings, name))
    checks.require_count("cooldown_turns", settings.cooldown_turns, 0, MOST_COOLDOWN_TURNS)
    checks.require_count("declined_turns", settings.declined_turns, 0, MOST_DECLINED_TURNS)
    checks.require_count("streak", settings.streak)
    checks.require_count("fallbacks", settings.fallbacks)
    checks.require_count("repeats", settings.repeats, 2)
    checks.require_trend("trend", settings.trend)
    checks.require_weights("weights", settings.weights)
    checks.require_name("offer_action", settings.offer_action)
    for name in _LISTS:
        checks.require_names(name, getattr(settings, name))
    checks.require_signals("quiet_hours_except", settings.quiet_hours_except)
    for name in ("own_offers", "own_questions"):
        checks.require_slot_values(name, getattr(settings, name))


_LISTS: Final = (
    *("human_intents", "sensitive_intents", "courtesy_intents"),
    *("fallback_intents", "fallback_actions", "quiet_hours_except"),
    *("accept_intents", "decline_intents", "accept_texts", "decline_texts"),
)


def _check_levels(offer: float | None, handoff: float, rearm: float, where: str = "") -> None:
    if offer is not None and offer > handoff:
        raise checks.contradiction(
            f"{where}`offer` ({offer}) lies above `handoff` ({handoff}), so a human would be "
            "forced before one is offered.",
            "Lower `offer`, or set it to null for no offers.",
        )
    if offer is not None and rearm > offer:
        raise checks.contradiction(
            f"{where}`rearm` ({rearm}) lies above `offer` ({offer}), so it would hold nothing "
            "back.",
            "Lower `rearm`: it is what the score must fall below before another offer.",
        )


def _check_names(settings: Settings) -> None:
    for yes, no in (("accept_intents", "decline_intents"), ("accept_texts", "decline_texts")):
        both = set(getattr(settings, yes)) & set(getattr(settings, no))
        if both:
            raise checks.contradiction(
                f"`{yes}` and `{no}` both name {sorted(both)}.", "Take it out of one of them."
            )


def _check_override(settings: Settings, intent: str, override: Override) -> None:
    certain = (*settings.human_intents, *settings.sensitive_intents)
    if override.never and intent in certain:
        raise checks.contradiction(
            f"`per_intent` says never for {intent!r}, which `human_intents` or `sensitive_intents` "
            "gives to a human.",
            "Take it out of one of them.",
        )
    offer = settings.offer if override.offer is None else override.offer
    handoff = settings.handoff if override.handoff is None else override.handoff
    rearm = settings.rearm if override.offer is None else min(settings.rearm, override.offer)
    _check_levels(offer, handoff, rearm, f"For the intent {intent!r}: ")
