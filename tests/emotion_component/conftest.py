"""Someone else's small bot with this package added, trained once for all tests."""

from __future__ import annotations

import pytest
from rasa.core.agent import Agent

from tests.emotion_component.guest import Chat, copy_bot, load, train
from tests.emotion_component.toy import (
    other_toy_folder,
    shipped_model,
    toy_corpus,
    toy_folder,
    toy_model,
)

__all__ = [
    "other_toy_folder",
    "shipped_model",
    "toy_corpus",
    "toy_folder",
    "toy_model",
]  # fixtures, found by name


@pytest.fixture(scope="session")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """The bot, loaded, with its conversations in a database of SQLite."""
    folder = tmp_path_factory.mktemp("guest")
    return load(train(copy_bot(folder / "bot")), folder / "tracker.db")


@pytest.fixture()
def chat(agent: Agent) -> Chat:
    """A new customer's conversation with the bot."""
    return Chat(agent)
