"""What a turn costs with and without Attune, in one run: `python -m benchmarks.turn --json`.

Two models are trained from this project: as it is, and with the emotion component, the escalation
policy and the reply generator taken out. Both answer the same messages, in turn, in one process;
conversations are long enough to show whether the cost grows with them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import copy
import json
import logging
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tqdm import tqdm

ROOT = Path(__file__).parent.parent
# Turns that both models answer from the domain alone, so that no action server is timed.
MESSAGES = [
    "hello there",
    "are you a robot",
    "thanks a lot",
    "你好",
    "谢谢你",
    "who are you",
]
TURNS = (1, 100, 2_000)
_ATTUNE = ("EmotionClassifier", "EscalationPolicy")


def main() -> None:
    """Train both models, time them, and print the table or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--conversations", type=int, default=5, help="conversations a model")
    given = parser.parse_args()
    # Rasa and jieba greet on standard output, which is for the result alone.
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        models = {name: _trained(Path(folder) / name, name) for name in ("plain", "attune")}
        times = asyncio.run(measured(models, given.conversations))
    result = summary(times)
    print(json.dumps(result) if given.json else _table(result))


def _trained(project: Path, name: str) -> Path:
    """Train a copy of the project, without Attune's parts where the name is `plain`."""
    project.mkdir()
    shutil.copytree(ROOT / "data", project / "data")
    shutil.copy(ROOT / "domain.yml", project)
    YAML().dump(configuration(name), project / "config.yml")
    command = [sys.executable, "-m", "rasa", "train", "--out", "models"]
    print(f"training the {name} model", file=sys.stderr)
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"rasa train failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return next((project / "models").glob("*.tar.gz"))


def configuration(name: str) -> dict[str, Any]:
    """Give the shipped configuration, without Attune's parts where the name is `plain`."""
    config: dict[str, Any] = YAML().load(ROOT / "config.yml")
    if name == "plain":
        for part in ("pipeline", "policies"):
            config[part] = [e for e in config[part] if not str(e["name"]).endswith(_ATTUNE)]
    return config


async def measured(
    models: dict[str, Path], conversations: int
) -> dict[str, dict[int, list[float]]]:
    """Let models answer `MESSAGES` near each of `TURNS`, taking turns.

    Args:
        models: Name to model file; `attune` answers with the reply generator.
        conversations: How many of each length, beside one that warms up.

    Returns:
        Milliseconds a message, by model and by the named turn near which it was answered.
    """
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # else each turn is timed with its debug lines

    replies = EndpointConfig(type="emotion_component.rasa_replies.EmpathicReplies")
    agents = {
        name: Agent.load(str(path), generator=replies if name == "attune" else None)
        for name, path in models.items()
    }
    times: dict[str, dict[int, list[float]]] = {
        name: {turn: [] for turn in TURNS} for name in agents
    }
    rounds = [(number, turn) for number in range(-1, conversations) for turn in TURNS]
    for number, turn in tqdm(rounds, desc="conversations", file=sys.stderr):
        for agent in agents.values():
            await _lead_up_to(agent, f"{number}-{turn}", turn)
        for message in MESSAGES:
            for name, agent in agents.items():
                began = time.perf_counter()
                await agent.handle_text(message, sender_id=f"{number}-{turn}")
                if number >= 0:  # the first one warms up
                    times[name][turn].append(1000 * (time.perf_counter() - began))
    return times


async def _lead_up_to(agent: Any, sender: str, turn: int) -> None:
    """Make a conversation that is about to reach a turn.

    The messages are answered once; what that left is repeated, as if they had come again and again.
    Playing two thousand turns would take the better part of an hour.
    """
    if turn == 1:
        return
    for message in MESSAGES:
        await agent.handle_text(message, sender_id=sender)
    tracker = await agent.tracker_store.retrieve(sender)
    first = next(at for at, event in enumerate(tracker.events) if event.type_name == "user")
    once = list(tracker.events)[first:]
    for _ in range((turn - 1) // len(MESSAGES) - 1):
        tracker.update_with_events([copy.copy(event) for event in once], agent.domain)
    await agent.tracker_store.save(tracker)


def summary(times: dict[str, dict[int, list[float]]]) -> dict[str, Any]:
    """Return p50 and p95 at the named turns and the few after them, and Attune's share of plain."""
    result: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    for turn in TURNS:
        spans: dict[str, dict[str, float]] = {}
        for name, by_turn in times.items():
            near = by_turn[turn]
            p95 = statistics.quantiles(near, n=20)[-1]
            spans[f"{name}_ms"] = {"p50": round(statistics.median(near), 2), "p95": round(p95, 2)}
        ratio = spans["attune_ms"]["p50"] / spans["plain_ms"]["p50"]
        result[f"turn_{turn}"] = {**spans, "ratio": round(ratio, 3)}
    return result


def _table(result: dict[str, Any]) -> str:
    """Return the summary as lines to read."""
    lines = [
        f"machine: {result['machine']}",
        "turn   plain p50 / p95     attune p50 / p95    ratio",
    ]
    for turn in TURNS:
        row = result[f"turn_{turn}"]
        plain, attune = row["plain_ms"], row["attune_ms"]
        lines.append(
            f"{turn:<6} {plain['p50']:>6} / {plain['p95']:<9} "
            f"{attune['p50']:>8} / {attune['p95']:<9} {row['ratio']}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
