"""The command killed between any two stores: running it again finishes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable

import pytest

from tests.rasa_project.privacy.people import HER_SHOP_ID, HER_WORDS, HIS_WORDS, SHE, Project, lock

WAIT_SECONDS = 120.0


async def start(project: Project, *words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rasa_project.attune", "erase", *words,
        "--project", str(project.folder), stdin=pipe, stdout=pipe, stderr=pipe,
        env={**os.environ, **project.environment()},
    )  # fmt: skip


async def until(true: Callable[[], bool]) -> None:
    async def poll() -> None:
        while not true():
            await asyncio.sleep(0.02)

    await asyncio.wait_for(poll(), WAIT_SECONDS)


def stores_with(project: Project, words: str) -> set[str]:
    return {row.partition(".")[0] for row in project.rows_with(words)}


# What is held, so that the command stands before it, and what tells that it does.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("held", "left"),
    [
        ("tracker", {"tracker", "channels", "desk", "chat"}),
        ("channels", {"channels", "desk", "chat"}),
        ("chat", {"chat"}),
    ],
)
@pytest.mark.parametrize("named", [SHE, HER_SHOP_ID])
async def test_a_kill_between_two_stores_is_made_good_by_the_next_run(
    files: Project, held: str, left: set[str], named: str
) -> None:
    first = await start(files, named)
    assert first.stdin is not None and first.stdout is not None
    await asyncio.wait_for(first.stdout.readuntil(b"[y/N] "), WAIT_SECONDS)
    with lock(files.urls[held]):
        first.stdin.write(b"y\n")
        await first.stdin.drain()
        await until(lambda: bool(_noted(files)) and stores_with(files, HER_WORDS) == left)
        first.send_signal(signal.SIGKILL)
        assert await first.wait() == -signal.SIGKILL
    assert stores_with(files, HER_WORDS) == left
    again = await start(files, named, "--yes")
    _, err = await asyncio.wait_for(again.communicate(), WAIT_SECONDS)
    assert (again.returncode, b"zendesk" in err) in {(0, False), (1, True)}
    assert files.rows_with(HER_WORDS) == []
    assert files.bytes_with(HER_WORDS) == []
    assert stores_with(files, HIS_WORDS) == {"tracker", "channels", "desk", "chat"}
    done = files.rows_with("customer_erased")
    # Also what the first run had erased before it died is counted.
    assert len(done) == 1 and "'rows': 38" in done[0]


@pytest.mark.slow
async def test_a_kill_before_the_last_note_is_made_good_by_the_shops_id(files: Project) -> None:
    """All rows are gone, the web chat knows nobody, and the note that it is done is missing."""
    first = await start(files, HER_SHOP_ID)
    assert first.stdin is not None and first.stdout is not None
    await asyncio.wait_for(first.stdout.readuntil(b"[y/N] "), WAIT_SECONDS)
    with lock(files.urls["chat"]) as chat:
        first.stdin.write(b"y\n")
        await first.stdin.drain()
        await until(lambda: stores_with(files, HER_WORDS) == {"chat"})
        with lock(files.urls["desk"]):
            chat.rollback()
            await until(lambda: stores_with(files, HER_WORDS) == set())
            first.send_signal(signal.SIGKILL)
            assert await first.wait() == -signal.SIGKILL
    assert files.rows_with("customer_erased") == []
    again = await start(files, HER_SHOP_ID, "--yes")
    out, err = await asyncio.wait_for(again.communicate(), WAIT_SECONDS)
    assert again.returncode == 0, err.decode()
    assert b"Nothing is left but to note" in out
    assert len(files.rows_with("customer_erased")) == 1


def _noted(project: Project) -> list[str]:
    return [row for row in project.rows_with("erased-") if row.startswith("desk.erasures")]
