"""What `EscalationPolicy` takes from config.yml, and what it needs of a bot's domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa.core.constants import POLICY_PRIORITY
from rasa.shared.core.domain import Domain

from emotion_component import escalation, trajectory
from emotion_component.errors import ConfigurationError

# Plain replies: they reach the customer without an action server.
NOTICE_ACTION: Final = "utter_handoff"
DECLINED_ACTION: Final = "utter_offer_declined"
# Far above Rasa's own policies (6 at most), so that a tie in confidence goes to this one.
PRIORITY: Final = 100

# They belong to Rasa's base class.
_OF_RASA: Final = frozenset({"max_history", "featurizer"})


def default_config() -> dict[str, Any]:
    """Give every setting with its default, as config.yml would hold it."""
    settings = escalation.Settings()
    names = escalation.Settings.__dataclass_fields__
    return {
        POLICY_PRIORITY: PRIORITY,
        "handoff_action": NOTICE_ACTION,
        # A reply for turns on which a custom action failed and the bot would say nothing; off in
        # a bot that did not ask for it.
        "unanswered_action": None,
        **{name: _plain(getattr(settings, name)) for name in names},
    }


def refuse_unknown(config: Mapping[str, Any]) -> None:
    """Refuse settings that mean nothing.

    Raises:
        ConfigurationError: Naming the first one.
    """
    known = default_config()
    unknown = sorted(set(config) - set(known) - _OF_RASA)
    if unknown:
        raise ConfigurationError(
            f"EscalationPolicy has no setting `{unknown[0]}`. Known: {', '.join(sorted(known))}. "
            "Correct it in config.yml under EscalationPolicy."
        )


def require_in_domain(
    domain: Domain, config: Mapping[str, Any], settings: escalation.Settings
) -> None:
    """Check that a domain has what the policy predicts and sets.

    Raises:
        ConfigurationError: If it lacks an action or the slot `handoff_state`.
    """
    for setting in ("handoff_action", "unanswered_action"):
        if config[setting] is not None:
            _require_action(domain, setting, str(config[setting]))
    if settings.offer is not None:
        _require_action(domain, "offer_action", settings.offer_action)
    if all(slot.name != trajectory.HANDOFF_SLOT for slot in domain.slots):
        raise ConfigurationError(
            f"EscalationPolicy needs the slot `{trajectory.HANDOFF_SLOT}`, which the domain lacks. "
            "Name emotion_component.rasa_importer.EmotionImporter under `importers` in "
            "config.yml, or add the slot to domain.yml."
        )


def _require_action(domain: Domain, setting: str, action: str) -> None:
    if action not in domain.action_names_or_texts:
        raise ConfigurationError(
            f"`{setting}` must be an action of the domain. Received: {setting}={action!r}. "
            "Set it in config.yml under EscalationPolicy, or list the action in domain.yml. "
            "Replies of this package come with emotion_component.rasa_importer.EmotionImporter."
        )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
