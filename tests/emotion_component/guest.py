"""Someone else's small bot with this package added: train it, load it, talk to it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import rasa.model_training
import rasa.shared.utils.io
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

GUEST_BOT = Path(__file__).parent / "guest_bot"
ANGRY_EN = "my order is three weeks late and nobody answers!!! this is a joke"
ANGRY_ZH = "我的订单晚了三个星期，没人回复！！！这是在开玩笑吗"


def train(project: Path) -> Path:
    """Train a project as `rasa train` does; give the model file."""
    result = rasa.model_training.train(
        domain=str(project / "domain.yml"),
        config=str(project / "config.yml"),
        training_files=[str(project / "data")],
        output=str(project / "models"),
    )
    assert result.code == 0
    return Path(result.model)


def edit_config(project: Path, **changes: Any) -> None:
    """Replace top-level keys of a project's config.yml."""
    path = project / "config.yml"
    config = rasa.shared.utils.io.read_yaml_file(path)
    rasa.shared.utils.io.write_yaml({**config, **changes}, path)


def copy_bot(folder: Path) -> Path:
    shutil.copytree(GUEST_BOT, folder)
    return folder


def load(model: Path, database: Path | None = None) -> Agent:
    nlg = rasa.shared.utils.io.read_yaml_file(GUEST_BOT / "endpoints.yml")["nlg"]
    store = SQLTrackerStore(db=str(database)) if database else None
    agent = Agent.load(model, generator=EndpointConfig.from_dict(nlg), tracker_store=store)
    assert isinstance(agent, Agent)
    return agent


_customers = iter(range(1_000_000))


class Chat:
    """One customer's conversation with a bot."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.id = f"customer-{next(_customers)}"

    async def say(self, text: str, **metadata: Any) -> list[str | None]:
        """Send a message; give the texts that come back."""
        channel = CollectingOutputChannel()
        await self.agent.handle_message(UserMessage(text, channel, self.id, metadata=metadata))
        return [message.get("text") for message in channel.messages]

    async def tracker(self) -> DialogueStateTracker:
        assert self.agent.processor
        tracker = await self.agent.processor.get_tracker(self.id)
        assert isinstance(tracker, DialogueStateTracker)
        return tracker

    async def add(self, *events: Any) -> None:
        """Add events from outside, as the desk does."""
        tracker = await self.tracker()
        tracker.update_with_events(list(events), None)
        await self.agent.tracker_store.save(tracker)

    async def slots(self, *names: str) -> list[Any]:
        tracker = await self.tracker()
        return [tracker.get_slot(name) for name in names]

    async def emotion(self) -> dict[str, Any]:
        """The property on the newest message, also where a fallback reverted it."""
        events = (await self.tracker()).events
        felt = [event for event in events if event.type_name == "user"][-1].parse_data["emotion"]
        assert isinstance(felt, dict)
        return felt

    async def actions(self) -> list[tuple[str, str | None]]:
        events = (await self.tracker()).events
        return [
            (event.action_name, event.policy) for event in events if event.type_name == "action"
        ]


async def decision_of(chat: Chat) -> dict[str, Any]:
    """The decision that the tracker keeps beside the handoff action."""
    found = [
        event.metadata["escalation"]
        for event in (await chat.tracker()).events
        if event.type_name == "action" and "escalation" in event.metadata
    ]
    assert len(found) == 1
    assert isinstance(found[0], dict)
    return found[0]


async def was_reverted(chat: Chat) -> bool:
    """Whether a fallback took the newest message, and its slots, out of the conversation again."""
    kinds = [event.type_name for event in (await chat.tracker()).events]
    return "rewind" in kinds[len(kinds) - kinds[::-1].index("user") :]
