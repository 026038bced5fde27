"""The settings that a replay tries: those of a config.yml, changed by `KEY=VALUE` words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emotion_component.errors import ConfigurationError
from emotion_component.escalation import Settings
from rasa_project.guest import project, yaml_file
from rasa_project.guest.project import Project
from rasa_project.guest.yaml_file import ProjectError

_CONFIG: Final = "config.yml"
# Besides its settings: what the list of policies, the policy and Rasa's base class read.
_OTHER_KEYS: Final = frozenset(
    {"name", "priority", "handoff_action", "unanswered_action", "max_history", "featurizer"}
)
KNOWN: Final = frozenset(Settings.__dataclass_fields__) | _OTHER_KEYS


@dataclass(frozen=True)
class Tried:
    """Settings with where they come from.

    Attributes:
        settings: Checked.
        origin: For people: the file, and what was changed.
        forms: Names of the bot's forms, as far as its domain is at hand.
        weights: The model folder that the project's classifier is set to, `None` for the package's.
    """

    settings: Settings
    origin: str
    forms: frozenset[str] = frozenset()
    weights: Path | None = None


def read(folder: Path, other: Path | None = None, changes: Sequence[str] = ()) -> Tried:
    """Read the settings of EscalationPolicy.

    Args:
        folder: The project; without a config.yml there the policy's defaults stand.
        other: Another config.yml, to be used in place of the project's.
        changes: Words like `handoff=0.7` or `weights.trend=0`; values as in YAML.

    Raises:
        ProjectError: A file cannot be read, or `other` has no such policy.
        ConfigurationError: A setting is unknown or out of its range.
    """
    found = project.read(folder) if (folder / _CONFIG).is_file() else None
    if other:
        given, origin = _of_other(other), str(other)
    else:
        given, origin = _of_project(found)
    for change in changes:
        given = _changed(given, change)
    settings = _settings(given, origin, changes)
    changed = f" with {', '.join(changes)}" if changes else ""
    forms = frozenset(found.named("forms")) if found else frozenset()
    return Tried(settings, f"{origin}{changed}", forms, _weights(found))


def _settings(given: Mapping[str, Any], origin: str, changes: Sequence[str]) -> Settings:
    try:
        settings = Settings.from_config(given)  # knows what an old name is called now
    except ConfigurationError as error:
        advice = " Or correct --set." if changes else ""
        raise ConfigurationError(f"{error}{advice}") from error
    unknown = sorted(set(given) - KNOWN)
    if unknown:
        raise ConfigurationError(
            f"EscalationPolicy has no setting `{unknown[0]}`. Known: {', '.join(sorted(KNOWN))}. "
            f"Correct it in {origin} under EscalationPolicy."
        )
    return settings


def _of_project(found: Project | None) -> tuple[dict[str, Any], str]:
    policy = found.find("policies", project.POLICY) if found else None
    if found is None or policy is None:
        return {}, "EscalationPolicy's defaults"
    return _plain(policy.settings), str(found.config.path)


def _of_other(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ProjectError(f"There is no file at {path}. Correct --config.")
    file = yaml_file.read(path, path.parent)
    found = Project(path.parent, file, None, None, ()).find("policies", project.POLICY)
    if found is None:
        raise ProjectError(
            f"{path} must name {project.POLICY} under `policies`, with the settings to try. "
            "Add it there, or give single settings with --set."
        )
    return _plain(found.settings)


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    return deepcopy({str(key): value for key, value in settings.items()})


def _changed(given: Mapping[str, Any], change: str) -> dict[str, Any]:
    """Apply one `KEY=VALUE`; dots in the key lead into a mapping."""
    key, equals, text = change.partition("=")
    first, *rest = key.strip().split(".")
    if not equals or first not in Settings.__dataclass_fields__:
        raise ConfigurationError(
            "--set must be KEY=VALUE with a setting of EscalationPolicy. Received: --set "
            f"{change!r}. Known: {', '.join(Settings.__dataclass_fields__)}."
        )
    try:
        value = yaml_file.parse(text, Path("--set"), "safe")
    except ProjectError as error:
        raise ConfigurationError(
            f"The value of --set must be YAML. Received: --set {change!r}."
        ) from error
    return _put(given, [first, *rest], value)


def _put(into: Any, path: Sequence[str], value: Any) -> dict[str, Any]:
    content = dict(into) if isinstance(into, Mapping) else {}
    first, *rest = path
    content[first] = _put(content.get(first), rest, value) if rest else value
    return content


def _weights(found: Project | None) -> Path | None:
    component = found.find("pipeline", project.COMPONENT) if found else None
    named = component.settings.get("weights") if component else None
    return found.folder / str(named) if found and named else None
