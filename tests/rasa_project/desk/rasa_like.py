"""A small server with Rasa's two endpoints that the desk uses, on Rasa's own tracker store.

Events are parsed by Rasa's event classes and stored by its `SQLTrackerStore`, so that the desk
reads the very rows that Rasa writes. Faults can be put between request and answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

from aiohttp import web
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

TOKEN = "a token of the tests alone"
DOMAIN = """
version: "3.1"
intents: [talk]
slots:
  handoff_state:
    type: categorical
    values: [bot, queued, agent]
    initial_value: bot
    influence_conversation: false
    mappings: [{type: custom}]
  escalation_reason: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  order_number: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_handoff]
"""
STREAK = {"signal": "streak", "value": 3, "weight": 0.7, "says": "negative 3 turns in a row"}
DECISION = {"escalate": True, "score": 0.7, "reasons": [STREAK]}


def emotion(name: str = "anger", valence: float = -0.78, intensity: float = 0.83) -> dict[str, Any]:
    return {
        "name": name, "confidence": 0.9, "intensity": intensity, "valence": valence,
        "arousal": 0.7, "scores": {name: 0.9}, "fine": [["annoyance", 0.7]], "language": "en",
        "abstained": False, "trend": -0.3, "streak": 2, "forecast": 0.62, "model": "tests",
    }  # fmt: skip


def user(text: str, feels: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    parse_data: dict[str, Any] = {
        "text": text,
        "intent": {"name": "talk"},
        "entities": [],
        "emotion": feels,
    }
    return {
        "event": "user", "text": text, "parse_data": parse_data, "input_channel": "webchat",
        "metadata": metadata,
    }  # fmt: skip


def bot(text: str, **metadata: Any) -> dict[str, Any]:
    return {"event": "bot", "text": text, "metadata": metadata}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


def handoff(decision: dict[str, Any] = DECISION) -> list[dict[str, Any]]:
    """What Rasa's tracker holds when the escalation policy hands over."""
    says = "; ".join(reason["says"] for reason in decision["reasons"])
    return [
        slot("handoff_state", "queued"),
        slot("escalation_reason", says),
        {"event": "action", "name": "action_handoff", "metadata": {"escalation": decision}},
    ]


class RasaLike:
    """The server.

    Args:
        folder: Where the tracker store's file goes.

    Attributes:
        faults: What goes wrong next: `refuse`, `fail_before`, `fail_after`, `cut_after`.
        posts: How often each message id was posted, whatever became of it.
        delivered: What customers were sent, in order: (conversation, text).
        asked: What the desk asked channels for: path below `/webhooks/` and the conversation.
        files: What channels answer about customers' files, by id: status and content.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "tracker.db"
        self.domain = Domain.from_yaml(DOMAIN)
        self.store = SQLTrackerStore(self.domain, db=str(self.file))
        self.faults: list[str] = []
        self.posts: Counter[str] = Counter()
        self.delivered: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.files: dict[str, tuple[int, Any]] = {}
        self._runner: web.AppRunner | None = None
        self._lock = asyncio.Lock()
        self.port = 0

    @property
    def tracker_db(self) -> str:
        return f"sqlite:///{self.file}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/conversations/{id}/tracker/events", self._append)
        app.router.add_get("/conversations/{id}/tracker", self._tracker)
        app.router.add_get("/webhooks/{channel}/desk/files/{id}", self._file)
        app.router.add_post("/webhooks/{channel}/desk/presence", self._presence)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self._note(request, request.query["conversation"])
        status, content = self.files[request.match_info["id"]]
        if isinstance(content, bytes):
            return web.Response(status=status, body=content, content_type="image/png")
        return web.json_response(content, status=status)

    async def _presence(self, request: web.Request) -> web.StreamResponse:
        told = await request.json()
        self._note(request, told["conversation"] + " typing" * bool(told.get("typing")))
        return web.json_response({})

    def _note(self, request: web.Request, conversation: str) -> None:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        self.asked.append((request.path.removeprefix("/webhooks/"), conversation))

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def add(self, conversation: str, *events: dict[str, Any]) -> None:
        """Write events as Rasa does at the end of a turn."""
        async with self._lock:
            tracker = await self.store.get_or_create_full_tracker(conversation, False)
            for event in events:
                parsed = Event.from_parameters(dict(event))
                assert parsed is not None
                tracker.update(parsed, self.domain)
            await self.store.save(tracker)

    async def tracker(self, conversation: str) -> DialogueStateTracker:
        tracker = await self.store.retrieve_full_tracker(conversation)
        assert tracker is not None
        return tracker

    async def bot_texts(self, conversation: str) -> list[str]:
        state = (await self.tracker(conversation)).current_state(EventVerbosity.ALL)
        return [event["text"] for event in state["events"] if event["event"] == "bot"]

    async def _append(self, request: web.Request) -> web.Response:
        assert request.query["output_channel"] == "latest"
        assert request.query["execute_side_effects"] == "true"
        self._require_token(request)
        events = await request.json()
        for event in events:
            if message_id := (event.get("metadata") or {}).get("message_id"):
                self.posts[message_id] += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault == "refuse":
            return web.json_response({"message": "no such thing"}, status=400)
        if fault == "fail_before":
            return web.json_response({"message": "broke"}, status=500)
        conversation = request.match_info["id"]
        self.delivered += [(conversation, event["text"]) for event in events if "text" in event]
        await self.add(conversation, *events)
        if fault == "fail_after":
            return web.json_response({"message": "broke"}, status=500)
        if fault == "cut_after":
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({})

    async def _tracker(self, request: web.Request) -> web.Response:
        assert request.query["include_events"] == "ALL"
        self._require_token(request)
        tracker = await self.store.get_or_create_full_tracker(request.match_info["id"], False)
        return web.json_response(tracker.current_state(EventVerbosity.ALL))

    @staticmethod
    def _require_token(request: web.Request) -> None:
        if request.query.get("token") != TOKEN:
            raise web.HTTPUnauthorized
