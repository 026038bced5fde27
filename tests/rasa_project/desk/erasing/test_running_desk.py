"""The command beside a running desk, which reads on and shows nothing of an erased customer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rasa_project import attune
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

WORDS = "The parcel for Ottilie never came"


async def waiting(li: Person) -> list[str]:
    return sorted(str(ticket["preview"]) for ticket in await li.tickets())


async def until(li: Person, wanted: list[str]) -> None:
    for _ in range(2_000):
        if await waiting(li) == wanted:
            return
        await asyncio.sleep(0.02)
    assert await waiting(li) == wanted


@pytest.mark.services
async def test_an_erased_customer_leaves_the_queue_and_the_next_one_comes(
    rasa: RasaLike, desk: DeskProcess, li: Person, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "endpoints.yml").write_text(
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {rasa.file}\n"
    )
    monkeypatch.setenv("ATTUNE_DESK_DB", desk.environment["ATTUNE_DESK_DB"])
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / ".attune"))
    await rasa.add("c-1", user(WORDS, emotion()), *handoff())
    await until(li, [WORDS])
    words = ["erase", "c-1", "--yes", "--open", "--project", str(tmp_path)]
    assert await asyncio.to_thread(attune.main, words) == 0
    assert await waiting(li) == []
    await rasa.add("c-2", user("Where is my refund", emotion()), *handoff())
    await until(li, ["Where is my refund"])
    await rasa.add("c-1", user("Hello, I am new here", emotion()), *handoff())
    await until(li, ["Hello, I am new here", "Where is my refund"])
    assert "from the start" not in desk.output
    assert "Traceback" not in desk.output
    assert await desk.end() == 0
    left = [path.name for path in tmp_path.rglob("*.db*") if WORDS.encode() in path.read_bytes()]
    assert left == []
