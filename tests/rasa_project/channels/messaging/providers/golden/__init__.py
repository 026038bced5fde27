"""Payloads of each type of message, as the services document them, and how they are read."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.turn import Attachment, Location, Reading, Turn
from tests.rasa_project.channels.messaging.fake_service import FakeService


def cases(name: str) -> list[Any]:
    text = (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
    return list(json.loads(text))


def request(service: FakeService, event: Any) -> Request:
    """An event as it arrives."""
    delivery = service.delivery(event)
    headers = {key.lower(): value for key, value in delivery.headers.items()}
    path = f"/webhooks/{service.name}/webhook"
    return Request("POST", path, {}, headers, delivery.body, time.time())


def require(reading: Reading, case: dict[str, Any]) -> None:
    """Hold that something was read as the case says."""
    if "ignored" in case:
        assert (reading.turns, reading.ignored) == ((), (case["ignored"],))
        return
    (turn,) = reading.turns
    assert asdict(turn) == expected(case["turn"])
    assert turn.words() == case["hears"]


def expected(turn: dict[str, Any]) -> dict[str, Any]:
    """A whole turn from the fields that are set."""
    attachments = tuple(Attachment(**one) for one in turn.get("attachments", ()))
    location = Location(**turn["location"]) if turn.get("location") else None
    return asdict(Turn(**{**turn, "attachments": attachments, "location": location}))
