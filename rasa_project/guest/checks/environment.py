"""Whether this Python, this Rasa and this device can run Attune."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Final

from emotion_component.errors import EmotionError
from rasa_project.guest.findings import Finding
from rasa_project.guest.project import COMPONENT, Project

_PYTHON: Final = (3, 10)
_RASA: Final = "3.6"


def check(project: Project) -> Iterator[Finding]:
    """Check the environment that the command itself runs in."""
    yield from check_python(sys.version_info[:2])
    try:
        yield from check_rasa(metadata.version("rasa"))
    except metadata.PackageNotFoundError:
        yield from check_rasa(None)


def check_python(version: tuple[int, ...]) -> Iterator[Finding]:
    """Hold Python to 3.10."""
    if version != _PYTHON:
        yield Finding(
            "error",
            "python-version",
            "Attune runs on Python 3.10, the newest that Rasa 3.6 supports. "
            f"Received: {'.'.join(map(str, version))}.",
            "Make the bot's environment with Python 3.10.",
        )


def check_rasa(version: str | None) -> Iterator[Finding]:
    """Hold Rasa to 3.6; `None` stands for none installed."""
    if version is None or version.split(".")[:2] != _RASA.split("."):
        received = f"Received: {version}." if version else "None is installed here."
        yield Finding(
            "error",
            "rasa-version",
            f"Attune runs on Rasa {_RASA}. {received}",
            "Run `pip install rasa==3.6.21` in the bot's environment.",
        )


def check_device(project: Project) -> Iterator[Finding]:
    """Say on which device the emotion model would run, and why not on a GPU; loads TensorFlow."""
    from emotion_component.serving import runtime

    component = project.find("pipeline", COMPONENT)
    if component is None:
        return
    wanted = str(component.settings.get("device") or "auto")
    try:
        device = runtime.choose_device(wanted)
    except EmotionError as error:
        fix = "Set `device: auto` under EmotionClassifier in config.yml."
        yield Finding("error", "device-missing", str(error), fix, component.at)
        return
    reason = "config.yml says so" if wanted == "cpu" else runtime.why_no_gpu()
    where = f"the CPU, because {reason}" if device == "cpu" else device
    yield Finding(
        "note",
        "device",
        f"The emotion model would run on {where}.",
        "Nothing: one core reads a message in milliseconds, and a GPU pays only on large tables.",
        component.at,
    )
