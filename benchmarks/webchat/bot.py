"""A bot that repeats what it hears: its turns cost as little as Rasa's turns can."""

from __future__ import annotations

from pathlib import Path

import rasa

CONFIG = """
recipe: default.v1
language: en
assistant_id: repeating
pipeline:
  - name: KeywordIntentClassifier
policies:
  - name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [say]
slots:
  heard:
    type: text
    influence_conversation: false
    mappings: [{type: from_text}]
responses:
  utter_heard:
    - text: "Heard {heard}"
"""
DATA = """
version: "3.1"
nlu:
  - {intent: say, examples: "- say"}
rules:
  - {rule: say, steps: [{intent: say}, {action: utter_heard}]}
"""


def train(folder: Path) -> str:
    """Train the bot; return the model's path."""
    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text, encoding="utf-8")
    trained = rasa.train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "data.yml")],
        output=str(folder / "models"),
    )
    assert trained.model is not None
    return str(trained.model)
