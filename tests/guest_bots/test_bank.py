"""A bank's bot: fifteen intents, two forms with validation, stories that branch on a slot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from tests.guest_bots.action_server import ActionServer
from tests.guest_bots.bank import actions
from tests.guest_bots.before_after import (
    Shown,
    add_attune,
    only_an_opening_is_new,
    show,
    train,
)

pytestmark = pytest.mark.slow

BANK = Path(__file__).parent / "bank"
BUTTONS = ["/greet", "/check_balance", '/inform{"account_type": "savings"}', "/stop", "/thank"]
EMOTIONLESS = [
    # Words, a button, a branch of the stories, a rule in between, the way out.
    ["hello", "what is my balance", '/inform{"account_type": "savings"}', "order a pizza"],
    ["balance of my giro account please", "never mind", "where is the nearest branch", "bye"],
    # A form that a validation sends back, a question in between, its answer by button.
    ["make a transfer", "Noor", "9000", "which fees do you charge", "80 euros", "/affirm"],
    ["send 15 to Jonas", "/deny", "thanks"],
    ["pay Mira", "stop", "no", "are you a bot"],
    ["i lost my card", "opening hours", "12", "it ends in 7305", "lost", "goodbye"],
    # Neither understood nor meant for it.
    ["xyzzy qqq", "/out_of_scope", "thanks"],
    # Buttons alone, which carry no emotion.
    BUTTONS,
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank") / "bot"
    shutil.copytree(BANK, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@pytest.fixture(scope="module")
def bots(project: Path) -> tuple[Agent, Agent]:
    """The bot as its author wrote it, and with Attune added."""
    before = train(project, "before")
    add_attune(project)
    return before, train(project, "after")


async def shown(bot: Agent, project: Path, results: Path) -> Shown:
    async with ActionServer(actions) as server:
        bot.action_endpoint = server.endpoint
        assert bot.processor is not None
        bot.processor.action_endpoint = server.endpoint
        return await show(bot, project, EMOTIONLESS, results)


async def test_with_attune_every_test_result_prediction_and_reply_is_as_before(
    bots: tuple[Agent, Agent], project: Path, tmp_path: Path
) -> None:
    before, after = [
        await shown(bot, project, tmp_path / name)
        for bot, name in zip(bots, ("before", "after"), strict=True)
    ]

    assert after.results == before.results
    assert after.predictions == before.predictions
    assert after.actions == before.actions
    assert only_an_opening_is_new(before, after)
    assert after.replies[-1] == before.replies[-1]
    # What was compared is worth comparing: stories that pass and one that fails, all policies.
    assert before.results["failed_test_stories.yml"].count("- story:") == 1
    assert before.results["successful_test_stories.yml"].count("- story:") == 3
    assert len(before.predictions) > 80
    winners = {policy for steps in before.actions for _, policy, _ in steps}
    assert {"AugmentedMemoizationPolicy", "RulePolicy"} <= winners
