"""Where conversations and locks are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rasa_project.guest import bots

TRACKERS = "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: tracker.db\n"


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    return bots.healthy(tmp_path)


def test_conversations_in_memory_cannot_be_read_by_the_desk(bot: Path) -> None:
    bots.edit(bot / "endpoints.yml", TRACKERS, "")
    assert bots.found(bot) == [("warning", "tracker-in-memory", "endpoints.yml")]
    with (bot / "endpoints.yml").open("a") as file:
        file.write(TRACKERS)
    assert bots.found(bot) == []


def test_several_workers_need_a_tracker_store_and_a_lock_store(bot: Path) -> None:
    bots.edit(bot / "endpoints.yml", TRACKERS, "")
    (bot / "docker-compose.yml").write_text(
        "services:\n  rasa:\n    environment:\n      SANIC_WORKERS: '3'\n"
    )
    assert bots.found(bot) == [
        ("error", "tracker-in-memory", "endpoints.yml"),
        ("warning", "lock-in-memory", "endpoints.yml"),
    ]
    with (bot / "endpoints.yml").open("a") as file:
        file.write(f"{TRACKERS}lock_store:\n  type: redis\n  url: localhost\n")
    assert bots.found(bot) == []


@pytest.mark.parametrize(
    "store", ["  type: SQL\n  dialect: postgresql\n", "  type: redis\n  url: localhost\n"]
)
def test_a_tracker_store_that_the_desk_cannot_follow_is_a_note(bot: Path, store: str) -> None:
    bots.edit(bot / "endpoints.yml", TRACKERS, f"tracker_store:\n{store}")
    assert bots.found(bot) == [("note", "desk-store", "endpoints.yml:1")]


def test_a_dialect_from_the_environment_is_not_judged(bot: Path) -> None:
    bots.edit(bot / "endpoints.yml", "dialect: sqlite", "dialect: ${DIALECT}")
    assert bots.found(bot) == []


def test_the_sql_broker_commits_on_the_event_loop(bot: Path) -> None:
    with (bot / "endpoints.yml").open("a") as file:
        file.write("event_broker:\n  type: SQL\n")
    assert bots.found(bot) == [("note", "broker-sql", "endpoints.yml:8")]
    bots.edit(bot / "endpoints.yml", "event_broker:\n  type: SQL", "event_broker:\n  type: pika")
    assert bots.found(bot) == []
