"""Rasa projects as people write them, in files."""

from __future__ import annotations

import shutil
from pathlib import Path

from rasa_project.guest import project
from rasa_project.guest.examining import examine
from rasa_project.guest.findings import Finding

GUEST_BOT = Path(__file__).parents[2] / "emotion_component" / "guest_bot"

CONFIG = """\
recipe: default.v1
language: en

importers:
  - name: emotion_component.rasa_importer.EmotionImporter

pipeline:
  - name: WhitespaceTokenizer
  - name: emotion_component.EmotionClassifier

policies:
  - name: RulePolicy
  - name: emotion_component.rasa_policy.EscalationPolicy
"""
ENDPOINTS = """\
tracker_store:
  type: SQL
  dialect: sqlite
  db: tracker.db

nlg:
  type: emotion_component.rasa_replies.EmpathicReplies
"""


def healthy(folder: Path) -> Path:
    """Write a small project in which nothing is wrong."""
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "endpoints.yml").write_text(ENDPOINTS, encoding="utf-8")
    (folder / "domain.yml").write_text("intents:\n  - greet\n", encoding="utf-8")
    return folder


def guest_bot(folder: Path) -> Path:
    """Copy the small bot that someone else wrote, as it was before Attune's lines came in."""
    shutil.copytree(GUEST_BOT, folder)
    (folder / "endpoints.yml").unlink()
    file = folder / "config.yml"
    text = file.read_text(encoding="utf-8")
    for ours in (
        "importers:\n  - name: emotion_component.rasa_importer.EmotionImporter\n"
        "    outside_stories: [utter_ask_*, utter_default]\n\n",
        "  - name: emotion_component.EmotionClassifier\n    device: cpu\n",
        "  - name: emotion_component.rasa_policy.EscalationPolicy\n",
    ):
        assert ours in text
        text = text.replace(ours, "")
    file.write_text(text, encoding="utf-8")
    return folder


def edit(file: Path, old: str, new: str) -> None:
    """Replace words of a file that are there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def found(folder: Path) -> list[tuple[str, str, str]]:
    """Examine a project: severity, code and place of each finding."""
    return [(each.severity, each.code, str(each.at)) for each in examine(project.read(folder))]


def only(folder: Path) -> Finding:
    """Examine a project in which one thing is wrong."""
    (finding,) = examine(project.read(folder))
    return finding
