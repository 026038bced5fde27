"""The Python, the Rasa and the device."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.guest import project
from rasa_project.guest.checks import environment
from tests.rasa_project.guest import bots


def test_this_environment_is_in_order(tmp_path: Path) -> None:
    assert list(environment.check(project.read(bots.healthy(tmp_path)))) == []


@pytest.mark.parametrize("version", [(3, 9), (3, 11)])
def test_another_python_is_an_error(version: tuple[int, int]) -> None:
    (finding,) = environment.check_python(version)
    assert (finding.severity, finding.code) == ("error", "python-version")
    assert f"Received: 3.{version[1]}." in finding.what


@pytest.mark.parametrize(
    ("version", "says"),
    [("3.5.17", "Received: 3.5.17."), ("3.60.1", "Received: 3.60.1."), (None, "None is installed")],
)
def test_another_rasa_is_an_error(version: str | None, says: str) -> None:
    (finding,) = environment.check_rasa(version)
    assert (finding.severity, finding.code) == ("error", "rasa-version")
    assert says in finding.what
    assert list(environment.check_rasa("3.6.21")) == []


def test_the_device_is_named_with_the_reason(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    ours = "  - name: emotion_component.EmotionClassifier\n"
    bots.edit(bot / "config.yml", ours, f"{ours}    device: cpu\n")
    (finding,) = environment.check_device(project.read(bot))
    assert (finding.severity, finding.code) == ("note", "device")
    assert finding.what == ("The emotion model would run on the CPU, because config.yml says so.")
    bots.edit(bot / "config.yml", "device: cpu", "device: gpu")
    (finding,) = environment.check_device(project.read(bot))
    assert (finding.severity, finding.code) == ("error", "device-missing")
