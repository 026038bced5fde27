"""One run: customers and agents talk, processes die, and everything is compared at the end."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from rasa_project import programs
from rasa_project.desk.store.database import Store
from tests.kill_test.agent import Agent
from tests.kill_test.customer import Customer
from tests.kill_test.findings import Findings
from tests.kill_test.installation import Installation
from tests.kill_test.killer import Killer, Plan
from tests.kill_test.patience import LostError
from tests.kill_test.talk import Talk

_LANGUAGES = ("en", "zh")
_SETTLE_SECONDS = 20.0  # for what nobody in the scripts waits for: confirmations at the desk
_TELL_SECONDS = 15.0


@dataclass(frozen=True)
class Settings:
    """What to do.

    Attributes:
        project: Folder with a trained model; the run leaves its databases and logs there.
        kills: How often each process is killed, by its name.
        seed: Makes the same decisions again; what the machine does between them is its own.
        customers: How many talk at the same time.
        seconds: After so long no more is killed.
    """

    project: Path
    kills: dict[str, int]
    seed: int
    customers: int = 6
    seconds: float = 3600.0


@dataclass
class Outcome:
    """What came of it."""

    kills: dict[str, int]
    seed: int
    findings: Findings
    said: int = 0
    rounds: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the counts."""
        return {
            "kills": sum(self.kills.values()),
            **self.findings.counts(),
            "seed": self.seed,
            "killed": self.kills,
            "messages": self.said,
            "handoffs": self.rounds,
            "seconds": round(self.seconds),
        }


@dataclass
class _Cast:
    customers: list[Customer] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)


async def run(settings: Settings) -> Outcome:
    """Run to the end; the installation is stopped in any case."""
    began = time.monotonic()
    installation = Installation(settings.project)
    killers = [_killer(installation, name, settings) for name in settings.kills]
    findings = Findings()
    cast = _Cast()
    try:
        await installation.start()
        await _enter(cast, installation, killers, settings)
        await _talk_and_kill(cast, killers, findings, settings.seconds)
        await asyncio.sleep(_SETTLE_SECONDS if not findings.lost else 0)
        await _compare(cast, installation, findings)
    finally:
        await asyncio.gather(
            *(customer.leave() for customer in cast.customers),
            *(agent.leave() for agent in cast.agents),
        )
        await installation.stop()
    return Outcome(
        {killer.name: killer.kills for killer in killers},
        settings.seed,
        findings,
        sum(len(talk.record.said) for talk in cast.talks),
        sum(talk.record.steps.count("bot > queued") for talk in cast.talks),
        time.monotonic() - began,
    )


def _killer(installation: Installation, name: str, settings: Settings) -> Killer:
    plans = {
        programs.DESK: Plan(settings.kills[name], 2.0, 2.5, 0.03),
        programs.ACTIONS: Plan(settings.kills[name], 40.0, 3.0, 0.1),
        # A Rasa that never serves lets nobody say anything.
        programs.RASA: Plan(settings.kills[name], 30.0, 10.0, 0.2),
    }
    # Each has its own dice, so that none depends on how fast the others die.
    return Killer(installation, name, plans[name], random.Random(f"{settings.seed} {name}"))


async def _enter(
    cast: _Cast, installation: Installation, killers: list[Killer], settings: Settings
) -> None:
    def acted() -> None:
        for killer in killers:
            killer.hear()

    first = Agent(installation.desk_url, acted)
    cast.agents.append(first)
    await first.enter("agent", installation.one_time_password, "Li")
    for number in range(settings.customers):
        customer = Customer(installation.rasa_url, _LANGUAGES[number % len(_LANGUAGES)])
        cast.customers.append(customer)
        chance = random.Random(f"{settings.seed} customer {number}")
        cast.talks.append(Talk(customer, cast.agents, chance, acted))


async def _talk_and_kill(
    cast: _Cast, killers: list[Killer], findings: Findings, seconds: float
) -> None:
    enough = asyncio.Event()
    talks = {asyncio.create_task(talk.run(enough)) for talk in cast.talks}
    killing = asyncio.create_task(_kill(killers))
    telling = asyncio.create_task(_tell(cast, killers))
    try:
        # Whoever waits in vain ends the killing: what is lost is lost.
        await asyncio.wait({killing, *talks}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        enough.set()
        if not killing.done():
            killing.cancel()
        await asyncio.wait({killing})
        if not killing.cancelled():
            killing.result()
        for result in await asyncio.gather(*talks, return_exceptions=True):
            if isinstance(result, LostError):
                findings.lost.append(str(result))
            elif isinstance(result, BaseException):
                raise result
    finally:
        for task in (telling, killing, *talks):
            task.cancel()


async def _kill(killers: list[Killer]) -> None:
    work = [asyncio.create_task(killer.run()) for killer in killers]
    try:
        await asyncio.gather(*work)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def _tell(cast: _Cast, killers: list[Killer]) -> None:
    while True:
        await asyncio.sleep(_TELL_SECONDS)
        said = sum(len(talk.record.said) for talk in cast.talks)
        kills = ", ".join(f"{killer.name} {killer.kills}" for killer in killers)
        print(f"  killed: {kills}; messages: {said}", file=sys.stderr, flush=True)


async def _compare(cast: _Cast, installation: Installation, findings: Findings) -> None:
    trackers = [await _tracker(installation, customer.conversation) for customer in cast.customers]
    await installation.stop()
    store = Store(installation.desk_db)
    with store.read() as session:
        for number, (talk, customer) in enumerate(zip(cast.talks, cast.customers, strict=True)):
            where = f"customer {number} ({customer.language})"
            findings.check_rasa(where, talk.record, trackers[number])
            findings.check_desk(where, talk.record, session, customer.conversation)
    store.close()


async def _tracker(installation: Installation, conversation: str) -> list[dict[str, Any]]:
    url = f"{installation.rasa_url}/conversations/{conversation}/tracker"
    query = {"token": installation.secrets.rasa_token, "include_events": "ALL"}
    async with aiohttp.ClientSession() as http, http.get(url, params=query) as answer:
        assert answer.status == 200, await answer.text()
        events: list[dict[str, Any]] = (await answer.json())["events"]
        return events
