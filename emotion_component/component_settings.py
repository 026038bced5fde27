"""What `EmotionClassifier` can be told in config.yml: every setting, its default and its range."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from emotion_component.classifier import SHIPPED_WEIGHTS
from emotion_component.errors import ConfigurationError
from emotion_component.language import LANGUAGES
from emotion_component.serving import remote

BACKENDS: Final = ("local", "serving")

DEFAULTS: Final[Mapping[str, Any]] = {
    "weights": None,
    "device": "auto",
    "abstain_below": None,
    "default_language": "en",
    "emit_entities": True,
    "backend": "local",
    "serving_url": None,
    "serving_model": remote.DEFAULT_NAME,
    "serving_timeout": remote.DEFAULT_TIMEOUT,
}
_WHERE: Final = "config.yml under EmotionClassifier"


def check(config: Mapping[str, Any]) -> None:
    """Hold that a component's settings are known and what they must be.

    Raises:
        ConfigurationError: Naming the first that is not.
    """
    unknown = sorted(set(config) - set(DEFAULTS))
    if unknown:
        raise ConfigurationError(
            f"EmotionClassifier has no setting `{unknown[0]}`. Known: {', '.join(DEFAULTS)}. "
            f"Correct it in {_WHERE}."
        )
    for name, known in (("default_language", LANGUAGES), ("backend", BACKENDS)):
        if config[name] not in known:
            raise ConfigurationError(
                f"`{name}` must be one of {', '.join(known)}. Received: {name}={config[name]!r}. "
                f"Set it in {_WHERE}."
            )
    if not isinstance(config["emit_entities"], bool):
        raise ConfigurationError(
            "`emit_entities` must be true or false. Received: "
            f"emit_entities={config['emit_entities']!r}. Set it in {_WHERE}."
        )
    server(config)  # checks its own settings


def weights(config: Mapping[str, Any]) -> Path:
    """Give the folder of the weights."""
    return Path(config["weights"]) if config.get("weights") else SHIPPED_WEIGHTS


def server(config: Mapping[str, Any]) -> remote.Server | None:
    """Give the TensorFlow Serving server to ask first, `None` for none.

    Raises:
        ConfigurationError: If its address, name or time-out is not what it must be.
    """
    if config["backend"] == "local":
        return None
    return remote.Server(config["serving_url"], config["serving_model"], config["serving_timeout"])
