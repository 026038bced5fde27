"""Conversations as a bot leaves them: Rasa's own events, in Rasa's own tracker store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from emotion_component import labels

START = 1_772_445_600.0  # 2 March 2026, 10:00 UTC
MINUTE = 60.0

ENDPOINTS = "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: tracker.db\n"
CONFIG = """\
pipeline:
  - name: emotion_component.EmotionClassifier
policies:
  - name: emotion_component.rasa_policy.EscalationPolicy
    time_zone: Europe/Berlin
"""


def emotion(name: str, strength: float = 0.6) -> dict[str, Any]:
    """The message property `emotion`, as the component sets it."""
    affect = labels.SERVICE_AFFECT[name]
    return {
        **{"name": name, "confidence": 0.9, "intensity": strength, "abstained": False},
        **{"valence": affect.valence, "arousal": affect.arousal, "language": "en"},
    }


def said(text: str, felt: Mapping[str, Any] | None = None, intent: str = "complain") -> UserUttered:
    """A customer's message."""
    parsed = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    if felt:
        parsed["emotion"] = dict(felt)
    return UserUttered(text, parsed["intent"], [], parsed)


def answered(action: str = "utter_sorry", decision: Mapping[str, Any] | None = None) -> list[Event]:
    """What the bot did about it, up to where it listens again."""
    metadata = {"escalation": dict(decision)} if decision else None
    ran = ActionExecuted(action, policy="a policy", confidence=1.0, metadata=metadata)
    return [ran, BotUttered("…"), ActionExecuted("action_listen")]


def handed_over(decision: Mapping[str, Any]) -> list[Event]:
    """What the escalation policy leaves where it hands over."""
    slots = [SlotSet("handoff_state", "queued"), SlotSet("escalation_reason", "…")]
    return [*slots, *answered("utter_handoff", decision)]


def colleague(text: str) -> BotUttered:
    """What a colleague wrote from the desk."""
    return BotUttered(text, metadata={"sender": "agent", "agent": "Ada"})


def session() -> list[Event]:
    """A session start."""
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def form(name: str | None) -> ActiveLoop:
    """A form begins, or ends with `None`."""
    return ActiveLoop(name)


def tracker(identifier: str, events: Iterable[Event], start: float = START) -> DialogueStateTracker:
    """A conversation in which something happens every minute."""
    made = DialogueStateTracker(identifier, [])
    for number, event in enumerate(events):
        event.timestamp = start + number * MINUTE
        made.events.append(event)
    return made


def store(path: Path, trackers: Sequence[DialogueStateTracker]) -> Path:
    """Fill an SQLite file by Rasa's own tracker store."""
    sql = SQLTrackerStore(db=str(path))
    save(sql, trackers)
    sql.engine.dispose()
    return path


def save(into: TrackerStore, trackers: Sequence[DialogueStateTracker]) -> None:
    """Save trackers as a running bot does."""

    async def every() -> None:
        for each in trackers:
            await into.save(each)

    asyncio.run(every())


def project(folder: Path, trackers: Sequence[DialogueStateTracker], config: str = CONFIG) -> Path:
    """A Rasa project with conversations in its tracker store."""
    folder.mkdir(exist_ok=True)
    (folder / "config.yml").write_text(config)
    (folder / "endpoints.yml").write_text(ENDPOINTS)
    (folder / "domain.yml").write_text("intents: [complain]\n")
    store(folder / "tracker.db", trackers)
    return folder


def exported(one: DialogueStateTracker) -> dict[str, Any]:
    """What `GET /conversations/ID/tracker` gives."""
    events = [event.as_dict() for event in one.events]
    content: dict[str, Any] = json.loads(json.dumps({"sender_id": one.sender_id, "events": events}))
    return content
