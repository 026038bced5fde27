"""Says which words moved an emotion, for programs that hold the server's token.

No customer speaks here: Rasa loads it beside the channels of `credentials.yml`, which is how a
server gets further addresses. It asks the emotion model that is loaded already.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Final

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from emotion_component.errors import ConfigurationError

MAX_TEXT_CHARACTERS: Final = 20_000
_MIN_TOKEN_CHARACTERS: Final = 8
_PREFIX: Final = "Bearer "


class ExplanationInput(InputChannel):
    """`POST /webhooks/attune/explain` with `{"text": ..., "label": ...}`.

    It answers with `label`, `score`, `model` and `tokens`, each with `start`, `end` and `weight`;
    401 without the token in `Authorization: Bearer`, 404 where no emotion model is loaded.

    Args:
        token: What programs have to show.

    Raises:
        InvalidConfigException: If the token is missing or too short.
    """

    def __init__(self, token: object) -> None:
        if not isinstance(token, str) or len(token) < _MIN_TOKEN_CHARACTERS:
            raise InvalidConfigException(
                f"Explanations need a `token` of at least {_MIN_TOKEN_CHARACTERS} characters. Set "
                "it in credentials.yml under rasa_project.channels.explanations.ExplanationInput, "
                "best as `token: ${ATTUNE_RASA_TOKEN}`."
            )
        self._token = token
        # A burst of questions must not take the processor from those who wait for a reply.
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    def name(cls) -> str:
        """The name in the address, /webhooks/attune."""
        return "attune"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> ExplanationInput:
        """Reads the section of `credentials.yml`."""
        return cls((credentials or {}).get("token"))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Makes the routes."""
        blueprint = _Registered("attune_explanations")

        async def health(_request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        async def explain(request: Request) -> HTTPResponse:
            shown = request.headers.get("authorization", "").removeprefix(_PREFIX)
            if not hmac.compare_digest(shown.encode(), self._token.encode()):
                return _refuse(401, "Show the server's token.")
            return await self._explain(blueprint.ctx.app, request.json)

        blueprint.add_route(health, "/", methods=["GET"])
        blueprint.add_route(explain, "/explain", methods=["POST"])
        return blueprint

    async def _explain(self, app: Any, asked: Any) -> HTTPResponse:
        text = asked.get("text") if isinstance(asked, dict) else None
        if not isinstance(text, str) or len(text) > MAX_TEXT_CHARACTERS:
            return _refuse(400, f"`text` must be at most {MAX_TEXT_CHARACTERS} characters.")
        model = emotion_classifier(app.ctx.agent)
        if model is None:
            return _refuse(404, "No emotion model is loaded here.")
        try:
            async with self._one_at_a_time:
                # It takes about 100 ms: too long for the event loop, where customers wait.
                found = await asyncio.to_thread(model.explain, text, asked.get("label"))
        except ConfigurationError as error:
            return _refuse(400, str(error))
        return json(found)


class _Registered(Blueprint):
    """Remembers the application it is registered with."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        self.ctx.app = app
        super().register(app, options)  # type: ignore[no-untyped-call]  # Sanic declares no types


def emotion_classifier(agent: Any) -> Any | None:
    """Find the loaded `EmotionClassifier` of an agent, or none.

    Rasa keeps the components of a loaded model in its graph runner and has no public way to one.
    """
    runner = getattr(getattr(agent, "processor", None), "graph_runner", None)
    nodes = getattr(runner, "_instantiated_nodes", {})
    components = (getattr(node, "_component", None) for node in nodes.values())
    return next((one for one in components if hasattr(one, "explain")), None)


def _refuse(status: int, sentence: str) -> HTTPResponse:
    return json({"error": sentence}, status=status)
