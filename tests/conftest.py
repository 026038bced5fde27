"""What many tests share: a real browser and a project with a really trained Rasa model."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests import chromium
from tests.postgresql import PostgresqlServer
from tests.project import ROOT, train_copy
from tests.redis_server import RedisServer

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# A second run finds what the first one trained, unless data, code or weights changed.
# Each process of a run has its own: Rasa's cache is not made for two at a time.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ.setdefault("RASA_CACHE_DIRECTORY", str(ROOT / ".rasa" / "test-cache" / _PROCESS))


expect.set_options(timeout=60_000)  # milliseconds of patience with a busy machine

# What takes long to make is made once, by the one process that runs all tests of the folder; the
# other tests stay together by file.
_MADE_ONCE = {"agent", "model"}
_PROJECT = "trained_project"
# What depends on how a busy machine shares itself among many processes may be tried once more; the
# run's summary lists each such test as a rerun. Anything else must pass at once.
_TRIED_AGAIN = ("browser", "services")
_SLOW = (*_TRIED_AGAIN, "slow")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long text by its argument; a token among them is another one in each process."""
    return argname if isinstance(val, str) and len(val) > 60 else None


@pytest.hookimpl(tryfirst=True)  # before what shares the tests out reads it
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests go together under `-n`, what goes first, and which are tried again."""
    longest: dict[str, int] = {}
    for item in items:
        slow = any(item.get_closest_marker(name) for name in _SLOW)
        if any(item.get_closest_marker(name) for name in _TRIED_AGAIN):
            item.add_marker(pytest.mark.flaky(reruns=1))
        group = _group(item)
        item.add_marker(pytest.mark.xdist_group(group))
        longest[group] = max(longest.get(group, 0), 2 if group == _PROJECT else int(slow))
    # What takes long goes first: at the end one process would work on it and the others wait.
    items.sort(key=lambda item: -longest[_group(item)])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a test was tried again: that it passed then is no reason to forget it."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"tried again: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)


def _group(item: pytest.Item) -> str:
    used = set(getattr(item, "fixturenames", ()))
    if _PROJECT in used:
        return _PROJECT
    return str(item.path.parent if _MADE_ONCE & used else item.path)


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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A running PostgreSQL server; each test has databases of its own."""
    server = PostgresqlServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """A running Redis."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()
