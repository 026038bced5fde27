"""Other people's labels as service labels, from a mapping file.

A mapping is one JSON or YAML object: a label to a service label, to a list of service labels among
which it is shared, or to null, which leaves its rows out:

    {"cross": "anger", "let_down": ["disappointment", "frustration"], "spam": null}
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from emotion_component import labels
from emotion_component.datasets.sources import Vector
from emotion_component.errors import DataError, DataMissingError

# Label -> service labels that share it; none: rows with it are left out.
LabelMapping = Mapping[str, tuple[str, ...]]

# Without a mapping file: the labels are the service labels.
SERVICE: Final[LabelMapping] = MappingProxyType({name: (name,) for name in labels.SERVICE_LABELS})
_YAML_SUFFIXES: Final = (".yaml", ".yml")


def load(path: Path) -> LabelMapping:
    """Read a mapping file.

    Args:
        path: UTF-8; YAML where it ends in .yaml or .yml, else JSON.

    Raises:
        DataMissingError: If there is no such file.
        DataError: If it is no such object, names a label twice, or maps to something that is no
            service label.
    """
    if not path.is_file():
        raise DataMissingError(f"No mapping file at {path}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = _yaml(text) if path.suffix.lower() in _YAML_SUFFIXES else _json(text)
    except ValueError as error:  # bad UTF-8 and bad syntax alike
        raise DataError(f"{path} cannot be read as a mapping: {error}") from error
    if not isinstance(content, dict) or not content:
        raise DataError(
            f"{path} must hold an object of labels and service labels, such as "
            f'{{"cross": "anger", "spam": null}}. Received: {type(content).__name__}.'
        )
    return {str(label): _service_labels(path, label, to) for label, to in content.items()}


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; JSON itself would keep the last of two equal keys and say nothing."""
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"`{twice[0]}` stands in it twice")
    return dict(pairs)


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)  # refuses a key that stands twice
    except YAMLError as error:
        raise ValueError(str(error)) from error


def _service_labels(path: Path, label: object, to: object) -> tuple[str, ...]:
    """Check what one label maps to."""
    names = [] if to is None else to if isinstance(to, list) else [to]
    unknown = [name for name in names if name not in labels.SERVICE_LABELS]
    if unknown or to == []:
        raise DataError(
            f"{path} maps `{label}` to {unknown[0] if unknown else 'an empty list'!r}, which is no "
            f"service label. Known: {', '.join(labels.SERVICE_LABELS)}; null leaves a label out."
        )
    return tuple(dict.fromkeys(names))


def target(names: Iterable[str], mapping: LabelMapping) -> Vector | None:
    """Share a row among the service labels that its labels map to.

    Args:
        names: Labels of one row, all of them in `mapping`.
        mapping: To service labels.

    Returns:
        `[10]`, a distribution: every label that maps counts the same, and divides its part
        equally among its service labels. `None` where no label maps to any.
    """
    parts = [mapping[name] for name in names if mapping[name]]
    if not parts:
        return None
    vector = np.zeros(len(labels.SERVICE_LABELS), np.float32)
    for part in parts:
        for name in part:
            vector[labels.SERVICE_LABELS.index(name)] += 1 / (len(parts) * len(part))
    return vector
