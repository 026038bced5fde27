"""Rasa as the layer needs it: whether it is there, and what it knows of a turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sanic import Blueprint, Sanic

from rasa_project.channels.trackers import has_heard

_NOBODY: Final = "attune-channels-probe"


class RasaSide:
    """Rasa's agent within the server that the channels run in.

    Args:
        agent: Gives the agent, which the server replaces when it loads another model.
    """

    def __init__(self, agent: Callable[[], Any]) -> None:
        self._agent = agent

    def is_ready(self) -> bool:
        """Say whether a model is loaded; without one Rasa drops messages and says nothing."""
        agent = self._agent()
        return agent is not None and bool(agent.is_ready())

    async def has_heard(self, conversation: str, message_id: str) -> bool:
        """Look whether a message is in a conversation; its answers were kept before it was.

        Args:
            conversation: Rasa's sender id.
            message_id: As in the message's metadata.
        """
        return await has_heard(self._agent(), conversation, message_id)

    async def store_works(self) -> bool:
        """Say whether conversations can be read: if not, a failed turn is not its own fault."""
        try:
            await self._agent().tracker_store.retrieve(_NOBODY)
        except Exception:
            return False
        return True


class RegisteredBlueprint(Blueprint):
    """Remembers the application that it is registered with."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Register the routes."""
        self.ctx.app = app
        super().register(app, options)  # type: ignore[no-untyped-call]  # Sanic declares no types

    def agent(self) -> Any:
        """Return Rasa's agent, or none while the server has not made it."""
        return getattr(self.ctx.app.ctx, "agent", None)
