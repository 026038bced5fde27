"""One run: servers, bad network, customers, and what became of their messages."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.network_test.findings import Findings
from tests.network_test.proxy import Faults, Proxy
from tests.network_test.service import two_hosts
from tests.rasa_project.channels.webchat.serving import Server, conversation_of

WEB = Path(__file__).parents[2] / "rasa_project" / "web"


@dataclass
class Plan:
    """What is asked of a run.

    Attributes:
        messages: Of the customers, in all.
        customers: Who share them, at the same time.
        ahead: The most that one says before the answers are there.
        seconds: After which what is not there is lost.
        seed: Of the network's decisions.
        faults: How bad the network is.
    """

    messages: int
    customers: int = 50
    ahead: int = 5
    seconds: float = 3_000.0
    seed: int = 1
    faults: Faults | None = None


def build(folder: Path) -> Path:
    """Make one program of the customers, and of the chat as the widget has it."""
    program = folder / "customers.mjs"
    command = ["node_modules/.bin/rolldown", "network-test/customers.ts", "--file", str(program)]
    command += ["--format", "esm", "--platform", "node"]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return program


async def run(plan: Plan, model: str, redis_port: int, folder: Path) -> dict[str, Any]:
    """Let them talk; returns the counts, those of the network's faults and the seconds."""
    program = build(folder)
    async with two_hosts(model, folder, redis_port) as servers:
        proxy = Proxy([one.port for one in servers], random.Random(plan.seed), plan.faults)
        await proxy.start()
        began = time.monotonic()
        try:
            talks = await _talk(program, plan, proxy.port)
        finally:
            await proxy.stop()
        seconds = time.monotonic() - began
        findings = Findings()
        for talk in talks:
            await _compare(findings, talk, servers[0])
        return {
            **asdict(findings),
            "customers": plan.customers,
            "seed": plan.seed,
            "seconds": round(seconds, 1),
            "network": proxy.counts,
        }


async def _talk(program: Path, plan: Plan, port: int) -> list[dict[str, Any]]:
    task = {
        "server": f"http://127.0.0.1:{port}",
        "customers": plan.customers,
        "messages": plan.messages // plan.customers,
        "ahead": plan.ahead,
        "seconds": plan.seconds,
    }
    process = await asyncio.create_subprocess_exec(
        "node", str(program), json.dumps(task), stdout=asyncio.subprocess.PIPE, stderr=sys.stderr,
        limit=2**28,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(), plan.seconds + 60)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, "the customers' program failed"
    talks: list[dict[str, Any]] = json.loads(output.splitlines()[-1])
    return talks


async def _compare(findings: Findings, talk: dict[str, Any], server: Server) -> None:
    texts = talk["texts"]
    conversation = conversation_of(talk["token"])
    findings.compare(texts, [e["text"] for e in await server.user_events(conversation)])
    heard = [m["text"].removeprefix("Heard ") for m in talk["seen"] if m["sender"] == "bot"]
    findings.compare(texts, heard)
