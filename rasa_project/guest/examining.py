"""Runs every check over a project."""

from __future__ import annotations

from typing import Final

from rasa_project.guest.checks import (
    channels,
    environment,
    handoff,
    languages,
    model,
    names,
    parts,
    stores,
)
from rasa_project.guest.findings import SEVERITIES, Finding
from rasa_project.guest.project import Project

_CHECKS: Final = (environment, parts, names, handoff, channels, stores, languages, model)


def examine(project: Project, *, device: bool = False) -> list[Finding]:
    """Find the traps that a project falls into, the worst first.

    Args:
        project: The project.
        device: Whether to look for the device too, which loads TensorFlow.

    Raises:
        ProjectError: A file of the training data cannot be read.
    """
    found = [finding for family in _CHECKS for finding in family.check(project)]
    if device:
        found += environment.check_device(project)
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
