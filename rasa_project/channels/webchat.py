"""The `webchat` channel: Rasa's `socketio` channel for conversations that must not be lost.

Clients of Rasa's own `socketio` channel work unchanged: `session_request` is answered by
`session_confirm`, `user_uttered` carries what the customer says and `bot_uttered` what is
answered. Beyond that,

- a session is a signed token bound to one conversation, so an id alone opens nothing;
- `history_request` gives the transcript, agents' messages included, through its acknowledgement;
- `user_uttered` is acknowledged when its turn is over, handled in order, and once however often
  it is sent; `message_rejected` and `message_failed` say what became of the others;
- `user_echo` shows a message in the customer's other tabs.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.core.channels.socketio import SocketBlueprint
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, Sanic
from socketio import AsyncServer

from rasa_project.channels.handlers import EventHandlers, OnNewMessage
from rasa_project.channels.origins import OriginPolicy
from rasa_project.channels.output import WebChatOutput
from rasa_project.channels.pages import add_pages
from rasa_project.channels.session import SessionSigner

DEFAULTS: dict[str, Any] = {
    "secret": None,  # signs the sessions; at least 16 characters
    "origins": [],  # pages that may chat besides those served here; "*" for any
    "demo_page": False,  # serve the demo shop at /webhooks/webchat/shop
    "socketio_path": "/socket.io",
    "user_message_evt": "user_uttered",
    "bot_message_evt": "bot_uttered",
    "metadata_key": "metadata",
}


class WebChatInput(InputChannel):
    """The channel as `credentials.yml` configures it; see `DEFAULTS` for the keys.

    Args:
        options: The section of `credentials.yml`, None for an empty one.

    Raises:
        InvalidConfigException: If a key is unknown, the secret too short or an origin malformed.
    """

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        options = options or {}
        if unknown := sorted(options.keys() - DEFAULTS.keys()):
            raise InvalidConfigException(
                f"The webchat channel does not know {', '.join(unknown)}. It knows "
                f"{', '.join(DEFAULTS)}. Correct it in credentials.yml under "
                "rasa_project.channels.webchat.WebChatInput."
            )
        self._options = {**DEFAULTS, **options}
        self._signer = SessionSigner(self._options["secret"])
        self._origins = OriginPolicy(self._options["origins"] or [])
        self._sio: Any = None

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa and in its address, /webhooks/webchat."""
        return "webchat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChatInput:
        """Reads the channel's section of `credentials.yml`."""
        return cls(credentials)

    def get_output_channel(self) -> WebChatOutput | None:
        """Gives what delivers messages that answer no request, an agent's for one."""
        if self._sio is None:
            return None
        return WebChatOutput(self._sio, self._options["bot_message_evt"])

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Makes the routes and the Socket.IO server that handle this channel."""
        self._sio = AsyncServer(async_mode="sanic", cors_allowed_origins=self._origins.allows)
        blueprint = _WebChatBlueprint(
            self._sio, self._options["socketio_path"], "webchat_webhook", self.name()
        )
        add_pages(blueprint, demo_page=bool(self._options["demo_page"]))
        handlers = EventHandlers(
            self._sio,
            self._signer,
            WebChatOutput(self._sio, self._options["bot_message_evt"]),
            partial(_agent_of, blueprint),
            on_new_message,
            self._options["metadata_key"],
        )
        self._sio.on("session_request", handlers.session_request)
        self._sio.on("history_request", handlers.history_request)
        self._sio.on(self._options["user_message_evt"], handlers.user_uttered)
        return blueprint


class _WebChatBlueprint(SocketBlueprint):
    """Remembers the application it is registered with: socket handlers see no request."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        self.ctx.app = app
        super().register(app, options)


def _agent_of(blueprint: Blueprint) -> Any:
    """Rasa's agent, which the server replaces when it loads another model."""
    agent = blueprint.ctx.app.ctx.agent
    if not agent.is_ready():
        raise RuntimeError(
            "The Rasa server has no model loaded, so the webchat channel can answer nobody. "
            "Train one with `rasa train` and restart the server."
        )
    return agent
