"""The examples that teach the service labels directly: judged messages and voted turns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import Floats
from emotion_component.network.model import HEADS


def judged(examples: Iterable[Example]) -> list[Example]:
    """Give the messages that somebody labelled for their service emotion, each text once."""
    return _distinct(
        example
        for example in examples
        if "service" in example.targets and example.service_weight == 1.0
    )


def mapped(examples: Iterable[Example]) -> list[Example]:
    """Give what has a service label by way of another label, each text once."""
    return _distinct(
        example
        for example in examples
        if "service" in example.targets and example.service_weight != 1.0
    )


def voted(examples: Iterable[Example]) -> list[Example]:
    """Give the turns of dialogues that somebody voted on, each text once."""
    return _distinct(example for example in examples if "negative" in example.targets)


def has_every_label(examples: Iterable[Example]) -> bool:
    """Tell whether each service label has an example."""
    return len({_label(example) for example in examples}) == HEADS["service"]


def has_labels_of(examples: Iterable[Example], others: Iterable[Example]) -> bool:
    """Tell whether each service label of the others has an example."""
    return {_label(example) for example in others} <= {_label(example) for example in examples}


def labels_of(examples: Iterable[Example]) -> Floats:
    """Give one label an example, `[examples, labels]` of 0 and 1."""
    hottest = [_label(example) for example in examples]
    return np.eye(HEADS["service"], dtype=np.float32)[hottest]


def votes_of(examples: Iterable[Example]) -> Floats:
    """Give the share of dissatisfied votes, `[examples]`, 0 to 1."""
    return np.array([float(example.targets["negative"][0]) for example in examples], np.float32)


def _label(example: Example) -> int:
    return int(example.targets["service"].argmax())


def _distinct(examples: Iterable[Example]) -> list[Example]:
    return list({example.text: example for example in examples}.values())
