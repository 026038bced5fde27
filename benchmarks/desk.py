"""How long a customer's message takes to an agent's screen: `python -m benchmarks.desk --json`.

A real desk process follows a tracker store that is written as Rasa writes it, one commit a turn.
The agent's page is a Socket.IO client, and, for one figure, a real page in Chromium. A message's
time runs from Rasa's commit to its arrival there. First 500 conversations are live at the desk,
then the load stays and the number of open tickets grows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import socketio

from benchmarks import machine

LIVE: Final = 500
LIVE_A_SECOND: Final = 25.0  # a message every 20 seconds in each
GROWTH: Final = (10, 100, 1_000)
GROWTH_A_SECOND: Final = 10.0
PAGE_MESSAGES: Final = 30
_START_SECONDS: Final = 120.0
_ARRIVE_SECONDS: Final = 60.0
_PASSWORD: Final = re.compile(r"^ONE_TIME_PASSWORD \S+ (\S+)$", re.MULTILINE)
_HEADERS: Final = {"X-Attune-Desk": "1"}
CHOSEN: Final = "a password for a benchmark"
_EMOTION: Final = {
    "name": "anger", "confidence": 0.9, "intensity": 0.8, "valence": -0.8, "arousal": 0.7,
    "language": "en", "abstained": False, "trend": -0.3, "streak": 2, "forecast": 0.4,
}  # fmt: skip


def main() -> None:
    """Run the benchmark and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--seconds", type=float, default=12.0, help="how long each load lasts")
    parser.add_argument("--no-page", action="store_true", help="leave Chromium out")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        found = asyncio.run(_run(Path(folder), given.seconds, not given.no_page))
    if given.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:<16}{value}")


class Rasa:
    """Writes conversations to a tracker store, through Rasa's own table.

    Args:
        file: The SQLite file.
    """

    def __init__(self, file: Path) -> None:
        from rasa.core.tracker_store import SQLTrackerStore
        from rasa.shared.core.domain import Domain

        self._store = SQLTrackerStore(Domain.empty(), db=str(file))

    def add(self, conversation: str, *events: dict[str, Any]) -> float:
        """Commit events as one turn; return when that was done."""
        with self._store.session_scope() as session:
            for event in events:
                stamped = {**event, "timestamp": time.time()}
                session.add(
                    self._store.SQLEvent(
                        sender_id=conversation, type_name=event["event"],
                        timestamp=stamped["timestamp"], data=json.dumps(stamped),
                    )
                )  # fmt: skip
            session.commit()
        return time.time()

    def hand_over(self, conversation: str) -> None:
        """Have the bot hand over."""
        slot = {"event": "slot", "name": "handoff_state", "value": "queued"}
        self.add(conversation, said("help me"), slot)


def said(text: str) -> dict[str, Any]:
    """Make the event of a customer's message."""
    parsed = {"text": text, "intent": {"name": "talk"}, "entities": [], "emotion": _EMOTION}
    return {"event": "user", "text": text, "parse_data": parsed, "input_channel": "webchat"}


async def _run(folder: Path, seconds: float, with_page: bool) -> dict[str, Any]:
    load = machine.warn_if_busy()
    rasa = Rasa(folder / "tracker.db")
    async with desk(folder) as url, agent(url, folder) as (http, arrived):
        growth = {}
        live: dict[str, float] = {}
        open_now = 0
        for count in sorted({*GROWTH, LIVE}):
            for index in range(open_now, count):
                rasa.hand_over(f"c{index}")
            open_now = count
            await _caught_up(rasa, arrived)
            print(f"{count} tickets are open", file=sys.stderr)
            if count == LIVE:
                live = await _measure(rasa, arrived, count, LIVE_A_SECOND, seconds)
            if count in GROWTH:
                growth[count] = await _measure(rasa, arrived, count, GROWTH_A_SECOND, seconds)
        page = await _page(url, rasa, http) if with_page else None
    return {
        "unit": "ms",
        f"live_{LIVE}": live,
        "by_open_tickets": growth,
        f"page_{GROWTH[-1]}": page,
        "transport": "Socket.IO, long polling",
        "machine": machine.describe(),
        "load": load,
        "versions": machine.versions(["sanic", "python-socketio", "SQLAlchemy"]),
    }


@contextlib.asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[str]:
    """Run a desk on the stores in a folder; give its address."""
    config = folder / "desk.yml"
    config.write_text("tell_place: false\ntell_absence: false\n")  # nobody answers at Rasa's end
    port = _free_port()
    environment = {
        **os.environ,
        "ATTUNE_RASA_URL": "http://127.0.0.1:9",
        "ATTUNE_TRACKER_DB": f"sqlite:///{folder / 'tracker.db'}",
        "ATTUNE_DESK_DB": f"sqlite:///{folder / 'desk.db'}",
        "ATTUNE_DESK_CONFIG": str(config),
        "ATTUNE_DESK_PORT": str(port),
    }
    with (folder / "output").open("w") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rasa_project.desk", env=environment, stdout=output, stderr=output
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await asyncio.wait_for(_healthy(url), _START_SECONDS)
            yield url
        finally:
            process.terminate()
            await process.wait()


@contextlib.asynccontextmanager
async def agent(
    url: str, folder: Path
) -> AsyncIterator[tuple[aiohttp.ClientSession, dict[str, float]]]:
    """Sign in and open the live connection; the texts that arrive are noted with their time."""
    arrived: dict[str, float] = {}
    one_time = _PASSWORD.findall((folder / "output").read_text())[-1]
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, headers=_HEADERS) as http:
        for path, body in (
            ("sign-in", {"name": "agent", "password": one_time}),
            ("password", {"password": CHOSEN, "display_name": "Li"}),
        ):
            async with http.post(f"{url}/api/{path}", json=body) as answer:
                answer.raise_for_status()
        # WebSockets of python-socketio want a newer aiohttp than Rasa's.
        page = socketio.AsyncClient()

        def on_messages(messages: list[dict[str, Any]]) -> None:
            now = time.time()
            arrived.update((message["text"], now) for message in messages)

        page.on("messages", on_messages)
        cookie = "; ".join(f"{morsel.key}={morsel.value}" for morsel in jar)
        await page.connect(url, transports=["polling"], headers={"Cookie": cookie})
        try:
            yield http, arrived
        finally:
            await page.disconnect()


async def _measure(
    rasa: Rasa, arrived: dict[str, float], conversations: int, a_second: float, seconds: float
) -> dict[str, float]:
    """Let customers write for a while at random times, and see when each message arrives."""
    chance = random.Random(conversations)
    committed: dict[str, float] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = f"{conversations}/{len(committed)}"
        conversation = f"c{chance.randrange(conversations)}"
        committed[text] = await asyncio.to_thread(rasa.add, conversation, said(text))
        await asyncio.sleep(chance.expovariate(a_second))
    for text in committed:
        await _wait_for(arrived, text)
    return _spread([1000 * (arrived[text] - at) for text, at in committed.items()])


async def _page(url: str, rasa: Rasa, http: aiohttp.ClientSession) -> dict[str, float]:
    """Have a real page show one conversation, and see when a message stands on it."""
    from playwright.async_api import async_playwright

    from tests import chromium

    async with http.get(f"{url}/api/tickets") as answer:
        ticket = next(
            entry for entry in (await answer.json())["tickets"] if entry["conversation"] == "c0"
        )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        page = await browser.new_page(locale="en-GB")
        await page.goto(url)
        await page.get_by_label("Name").fill("agent")
        await page.get_by_label("Password").fill(CHOSEN)
        await page.keyboard.press("Enter")
        await page.locator("button.ticket", has_text=f"#{ticket['id']}").first.click()
        await page.locator("ol.log").wait_for()
        await page.evaluate(
            """() => {
              window.shown = {};
              new MutationObserver(() => {
                for (const node of document.querySelectorAll("ol.log .message.customer p"))
                  window.shown[node.textContent] ??= Date.now();
              }).observe(document.querySelector("ol.log"), { childList: true, subtree: true });
            }"""
        )
        spans = []
        for index in range(PAGE_MESSAGES):
            text = f"page/{index}"
            at = await asyncio.to_thread(rasa.add, "c0", said(text))
            shown = await page.wait_for_function("text => window.shown[text]", arg=text)
            spans.append(float(await shown.json_value()) - 1000 * at)
            await asyncio.sleep(random.uniform(0.05, 0.4))
        await browser.close()
    return _spread(spans)


async def _caught_up(rasa: Rasa, arrived: dict[str, float]) -> None:
    text = f"ready {time.time()}"
    rasa.add("c0", said(text))
    await _wait_for(arrived, text)


async def _wait_for(arrived: dict[str, float], text: str) -> None:
    until = time.monotonic() + _ARRIVE_SECONDS
    while text not in arrived:
        if time.monotonic() > until:
            raise SystemExit(f"The message {text!r} did not arrive within {_ARRIVE_SECONDS} s.")
        await asyncio.sleep(0.01)


async def _healthy(url: str) -> None:
    async with aiohttp.ClientSession() as http:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{url}/health") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)


def _spread(spans: list[float]) -> dict[str, float]:
    hundredths = statistics.quantiles(spans, n=100, method="inclusive")
    return {"p50": round(hundredths[49], 1), "p99": round(hundredths[98], 1), "n": len(spans)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
