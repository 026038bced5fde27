"""A few kills of each real process; `make kill-test` does two hundred."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.kill_test.__main__ import split
from tests.kill_test.run import Settings, run

pytestmark = [pytest.mark.slow, pytest.mark.services]

KILLS = 8
SEED = 20


@pytest.mark.timeout(900)
async def test_nothing_is_lost_doubled_or_reordered_and_the_bot_is_silent_when_processes_die(
    trained_project: Path, tmp_path: Path
) -> None:
    project = tmp_path / "project"  # the other tests' conversations stay out of it
    shutil.copytree(trained_project, project, ignore=shutil.ignore_patterns(".attune"))
    outcome = await run(Settings(project, split(KILLS), SEED, customers=4))
    wrong = outcome.findings
    assert [*wrong.lost, *wrong.doubled, *wrong.reordered, *wrong.bot_spoke] == []
    assert (sum(outcome.kills.values()), outcome.rounds >= 4) == (KILLS, True)
