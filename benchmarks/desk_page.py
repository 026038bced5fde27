"""How smoothly the desk's page moves on a bad day: `python -m benchmarks.desk_page --json`.

A real desk with 2,000 open tickets and one conversation of 5,000 messages; its page in Chromium
scrolls through both lists while that customer and others write. Beside it, in the same browser: an
empty page, which is what the machine can do at most, and a plain list, the same page on which the
browser is kept from leaving out what is not in sight. A frame's time is from one to the next; the
work is what the page's main thread did meanwhile; a long task is one of more than 50 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from benchmarks import machine
from benchmarks.desk import CHOSEN, Rasa, agent, desk, said
from rasa_project.desk.store.database import Store
from tests import chromium
from tests.rasa_project.desk import crowd

TICKETS: Final = 2_000
TURNS: Final = 5_000
FRAMES: Final = 300
FRAME_MS: Final = 1000 / 60
# The clock of a page is coarse; from here on a frame was late for certain.
LATE_MS: Final = FRAME_MS + 1
SLOW_MS: Final = 50.0
STEP_PX: Final = 45
_NEWS: Final = 20
_NEWS_SECONDS: Final = 0.5
_PATIENCE_MS: Final = 180_000.0  # a plain list takes its time
_PLAIN: Final = "li { content-visibility: visible !important }"

# Scrolls a box, where there is one; long tasks are told a little later than they end.
_SCROLL: Final = """
([selector, frames, step]) => new Promise((done) => {
  const box = selector && document.querySelector(selector);
  const spans = [], tasks = [];
  const watch = new PerformanceObserver((list) => {
    tasks.push(...list.getEntries().map((entry) => entry.duration));
  });
  watch.observe({ type: "longtask" });
  let way = box && box.scrollTop + box.clientHeight >= box.scrollHeight - 2 ? -step : step;
  let last = performance.now();
  const next = (now) => {
    spans.push(now - last);
    last = now;
    if (spans.length > frames) {
      setTimeout(() => { watch.disconnect(); done([spans.slice(1), tasks]); }, 200);
      return;
    }
    if (box) {
      const before = box.scrollTop;
      box.scrollTop += way;
      if (box.scrollTop === before) way = -way;
    }
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})
"""
# Notes when a frame has shown the first of a kind, in milliseconds since the page was asked for.
_PAINTS: Final = """
window.painted = {};
const kinds = { queue: "button.ticket", transcript: "ol.log li.message" };
const look = () => {
  for (const [kind, selector] of Object.entries(kinds)) {
    if (kind in painted || !document.querySelector(selector)) continue;
    painted[kind] = -1;
    requestAnimationFrame(() => setTimeout(() => { painted[kind] = performance.now(); }));
  }
  requestAnimationFrame(look);
};
look();
document.addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
});
"""
_COUNT: Final = "() => document.querySelectorAll('ol.log li.message').length"
# A look at one element: looking for a text in thousands would be measured with the rest.
_LAST: Final = "text => document.querySelector('ol.log').lastElementChild.innerText.includes(text)"


def main() -> None:
    """Run the benchmark and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk_page", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument("--turns", type=int, default=TURNS)
    given = parser.parse_args()
    load = machine.warn_if_busy()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        found = asyncio.run(_run(Path(folder), given.tickets, given.turns))
    result = {
        "unit": "ms",
        "tickets": given.tickets,
        "turns": given.turns,
        **found,
        "machine": machine.describe(),
        "load": load,
    }
    print(json.dumps(result) if given.json else json.dumps(result, indent=2))


async def _run(folder: Path, tickets: int, turns: int) -> dict[str, Any]:
    store = Store(f"sqlite:///{folder / 'desk.db'}")
    store.open()
    crowd.fill(store, tickets, turns)
    store.close()
    rasa = Rasa(folder / "tracker.db")
    async with desk(folder) as url, agent(url, folder) as (http, _), _browser() as browser:
        return {
            "wire": await _wire(http, url),
            "empty_page": await _empty(browser),
            "page": await _measure(browser, url, rasa, tickets, turns, ""),
            "plain_list": await _measure(browser, url, rasa, tickets, turns, _PLAIN),
        }


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        yield browser
        await browser.close()


async def _wire(http: Any, url: str) -> dict[str, dict[str, float]]:
    """Say how much the two longest answers are, and how long they take."""
    found = {}
    for name, path in (("tickets", "tickets"), ("conversation", "tickets/1")):
        spans, size = [], 0
        for _ in range(10):
            began = time.perf_counter()
            async with http.get(f"{url}/api/{path}") as answer:
                size = len(await answer.read())
            spans.append(1000 * (time.perf_counter() - began))
        found[name] = {"p50": round(statistics.median(spans), 1), "kB": round(size / 1000)}
    return found


async def _empty(browser: Browser) -> dict[str, float]:
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    meter = await _meter(page)
    found = await _scroll(page, meter, "")
    await page.close()
    return found


async def _measure(
    browser: Browser, url: str, rasa: Rasa, tickets: int, turns: int, style: str
) -> dict[str, Any]:
    context = await browser.new_context(
        locale="en-GB", viewport={"width": 1280, "height": 800}, bypass_csp=True
    )
    await context.add_init_script(_PAINTS.replace("STYLE", json.dumps(style)))
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    await _enter(page, url)
    await page.locator("nav.queue button.ticket").nth(tickets - 1).wait_for(state="attached")
    await page.reload()  # signed in, as on most days
    await page.locator("nav.queue button.ticket").nth(tickets - 1).wait_for(state="attached")
    _tell("the list is there", style)
    meter = await _meter(page)
    async with _written(rasa, tickets):
        queue = await _scroll(page, meter, "nav.queue .lists")
    number = page.locator(".name", has_text=re.compile(r"^#1$"))  # of the long conversation
    asked = await page.evaluate("() => performance.now()")
    await page.locator("button.ticket", has=number).dispatch_event("click")
    await page.locator("ol.log li.message").first.wait_for(state="attached")
    await _fetch_all(page, turns)
    _tell("the transcript is there", style)
    async with _written(rasa, tickets):
        transcript = await _scroll(page, meter, "ol.log")
    painted = await page.evaluate("() => painted")
    await page.evaluate("() => { const log = document.querySelector('ol.log'); "
                        "log.scrollTop = log.scrollHeight }")  # fmt: skip
    news = await _news(page, meter, rasa)
    nodes = await page.evaluate("() => document.querySelectorAll('*').length")
    await context.close()
    _tell("measured", style)
    return {
        "first_paint": {
            "queue": round(painted["queue"]), "transcript": round(painted["transcript"] - asked),
        },
        "queue_scroll": queue, "transcript_scroll": transcript, "message_arrives": news,
        "elements": nodes,
    }  # fmt: skip


def _tell(what: str, style: str) -> None:
    print(f"{'plain list' if style else 'page'}: {what}", file=sys.stderr, flush=True)


async def _meter(page: Page) -> CDPSession:
    meter = await page.context.new_cdp_session(page)
    await meter.send("Performance.enable")
    return meter


@contextlib.asynccontextmanager
async def _written(rasa: Rasa, tickets: int) -> AsyncIterator[None]:
    """Let the customer of the long conversation and another one write all the time."""

    async def write() -> None:
        number = 0
        while True:
            number = number % (tickets - 1) + 1
            for conversation in (crowd.LONG, f"c{number}"):
                text = f"meanwhile {time.time()}"
                await asyncio.to_thread(rasa.add, conversation, said(text))
            await asyncio.sleep(_NEWS_SECONDS)

    writing = asyncio.create_task(write())
    try:
        yield
    finally:
        writing.cancel()
        await asyncio.wait([writing])


async def _enter(page: Page, url: str) -> None:
    await page.goto(url)
    await page.get_by_label("Name").fill("agent")
    await page.get_by_label("Password").fill(CHOSEN)
    await page.keyboard.press("Enter")


async def _fetch_all(page: Page, turns: int) -> None:
    """Go to the beginning of the transcript until there is nothing before it."""
    while (before := await page.evaluate(_COUNT)) < turns:
        await page.evaluate("() => document.querySelector('ol.log .notice button')?.click()")
        while await page.evaluate(_COUNT) == before:
            await asyncio.sleep(0.05)


async def _scroll(page: Page, meter: CDPSession, selector: str) -> dict[str, float]:
    found, work = await _busy(meter, lambda: page.evaluate(_SCROLL, [selector, FRAMES, STEP_PX]))
    spans, tasks = found
    hundredths = statistics.quantiles(spans, n=100, method="inclusive")
    return {
        "frames_a_second": round(1000 / hundredths[49], 1),
        "frame_p50": round(hundredths[49], 1),
        "frame_p99": round(hundredths[98], 1),
        "over_16.7": round(sum(span > LATE_MS for span in spans) / len(spans), 3),
        "over_50": round(sum(span > SLOW_MS for span in spans) / len(spans), 3),
        "work_a_frame": round(work / len(spans), 2),
        "long_tasks": len(tasks),
        "longest_task": round(max(tasks, default=0.0)),
    }


async def _news(page: Page, meter: CDPSession, rasa: Rasa) -> dict[str, float]:
    """Let the customer of the long conversation write, which moves the list, too."""

    async def write() -> int:
        for number in range(_NEWS):
            text = f"news {number} {time.time()}"
            await asyncio.to_thread(rasa.add, crowd.LONG, said(text))
            while not await page.evaluate(_LAST, text):
                await asyncio.sleep(0.05)
        return _NEWS

    count, work = await _busy(meter, write)
    return {"work": round(work / count, 1), "n": count}


async def _busy(meter: CDPSession, act: Callable[[], Awaitable[Any]]) -> tuple[Any, float]:
    """Return what comes of it, and the milliseconds that the page's main thread worked."""
    before = await _task_seconds(meter)
    found = await act()
    return found, 1000 * (await _task_seconds(meter) - before)


async def _task_seconds(meter: CDPSession) -> float:
    metrics = (await meter.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


if __name__ == "__main__":
    main()
