"""What many tests share: a real browser and a project with a really trained Rasa model."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from rasa_project import training
from rasa_project.settings import Settings
from tests import chromium

ROOT = Path(__file__).parent.parent

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# A second run finds what the first one trained, unless data, code or weights changed.
os.environ.setdefault("RASA_CACHE_DIRECTORY", str(ROOT / ".rasa" / "test-cache"))


@pytest.fixture
async def chromium_browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        stack.push_async_callback(browser.close)
        yield browser


@pytest.fixture(scope="session")
def trained_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo shop's project with a model trained from it by plain `rasa train`."""
    return train_copy(tmp_path_factory.mktemp("project"))


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
