"""One Rasa server with one of the channels, started with model, channel and port.

Runs in a process of its own, so that its memory is its own; it keeps its databases in the working
directory.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import rasa.core.run
from rasa.core.agent import Agent
from rasa.core.channels.socketio import SocketIOInput
from rasa.core.tracker_store import SQLTrackerStore
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from rasa_project.channels.webchat import WebChatInput
from rasa_project.channels.webchat.settings import LIMITS

CHANNELS = ("socketio", "webchat")
# All sessions come from one address, and faster than people write.
_UNLIMITED = [10**6, 10**6]


def channel(name: str) -> Any:
    """Make a channel.

    Rasa's own keeps no sessions here: with today's python-socketio its `session_persistence` enters
    no room (it does not await what became a coroutine), so that no answer arrives.
    """
    if name == "socketio":
        return SocketIOInput()
    return WebChatInput(
        {"store": "sqlite:///webchat.db", "limits": dict.fromkeys(LIMITS, _UNLIMITED)}
    )


def main(model: str, name: str, port: int) -> None:
    """Serve until ended."""
    configure_structlog(logging.ERROR)
    logging.disable(logging.WARNING)
    app = rasa.core.run.configure_app([channel(name)], use_uvloop=True)

    async def load(app: Sanic, _loop: object) -> None:
        agent = Agent.load(model)
        trackers = SQLTrackerStore(agent.domain, db="tracker.db")
        agent.tracker_store = agent.processor.tracker_store = trackers
        app.ctx.agent = agent

    app.register_listener(load, "before_server_start")
    app.run(host="127.0.0.1", port=port, access_log=False, motd=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
