"""A copy of the demo shop's project with a really trained Rasa model."""

from __future__ import annotations

import shutil
from pathlib import Path

from rasa_project import training
from rasa_project.settings import Settings

ROOT = Path(__file__).parent.parent


def train_copy(project: Path) -> Path:
    """Copy the demo shop's project into an empty folder and train it there."""
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, project / name)
    for name in ("data", "actions"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = Settings(project)
    settings.logs.mkdir(parents=True)
    training.train(settings)
    return project
