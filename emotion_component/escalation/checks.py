"""Checks of single settings; each error says what is wrong, what was received, where to mend it.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from emotion_component.errors import ConfigurationError
from emotion_component.escalation.weights import DEFAULT_WEIGHTS

WHERE = "Set it in config.yml under EscalationPolicy."


def wrong(name: str, expected: str, received: Any) -> ConfigurationError:
    """Make the error for a setting that is not what it must be."""
    return ConfigurationError(
        f"`{name}` must be {expected}. Received: {name}={received!r}. {WHERE}"
    )


def contradiction(what: str, remedy: str) -> ConfigurationError:
    """Make the error for settings that are right by themselves and not together."""
    return ConfigurationError(f"{what} {remedy} Both stand in config.yml under EscalationPolicy.")


def is_number(value: Any) -> bool:
    """Tell whether a value is a number; `true` and `false` are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def require_level(name: str, value: Any) -> None:
    """Refuse what is not above 0 up to 1."""
    if not is_number(value) or not 0.0 < value <= 1.0:
        raise wrong(name, "a number above 0 up to 1", value)


def require_count(name: str, value: Any, lowest: int = 1, highest: int | None = None) -> None:
    """Refuse what is not a whole number within bounds."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < lowest or (highest is not None and value > highest):
        most = f" and at most {highest}" if highest is not None else ""
        raise wrong(name, f"a whole number of at least {lowest}{most}", value)


def require_trend(name: str, value: Any) -> None:
    """Refuse what is not a fall of the valence."""
    if not is_number(value) or not -1.0 <= value < 0.0:
        raise wrong(name, "a number from -1 to below 0", value)


def require_name(name: str, value: Any) -> None:
    """Refuse what is not a name."""
    if not isinstance(value, str) or not value:
        raise wrong(name, "a name", value)


def require_names(name: str, value: Any) -> None:
    """Refuse what is not a list of names."""
    if not isinstance(value, tuple) or not all(isinstance(entry, str) for entry in value):
        raise wrong(name, "a list of names", value)


def require_slot_values(name: str, value: Any) -> None:
    """Refuse what is not a mapping of a slot to the values that it names."""
    if not isinstance(value, Mapping) or not all(
        isinstance(slot, str) and isinstance(values, tuple) for slot, values in value.items()
    ):
        raise wrong(name, "a mapping of a slot to a list of its values", value)


def require_weights(name: str, weights: Any) -> None:
    """Refuse weights of unknown signals or out of 0 to 1."""
    if not isinstance(weights, Mapping):
        raise wrong(name, "a mapping of signal to weight", weights)
    require_signals(name, weights)
    for signal, weight in weights.items():
        if not is_number(weight) or not 0.0 <= weight <= 1.0:
            raise wrong(f"{name}.{signal}", "a number from 0 to 1", weight)


def require_signals(name: str, signals: Collection[Any]) -> None:
    """Refuse names of signals that there are not."""
    for signal in signals:
        if signal not in DEFAULT_WEIGHTS:
            raise wrong(name, f"named by signal ({', '.join(DEFAULT_WEIGHTS)})", signal)


def require_keys(name: str, given: Mapping[Any, Any], known: Collection[str]) -> None:
    """Refuse keys that mean nothing."""
    for key in given:
        if key not in known:
            raise wrong(name, f"made of {', '.join(known)}", key)
