"""The `webchat` channel: Rasa's `socketio` channel for conversations that must not be lost.

Clients of Rasa's own `socketio` channel work unchanged: `session_request` is answered by
`session_confirm`, `user_uttered` carries what the customer says and `bot_uttered` what is
answered. Beyond that,

- a session is a signed token bound to one conversation, so an id alone opens nothing; `identity`
  in `session_request` signs a customer in, `log_out` ends the session;
- every message has an `id` and, in `seq`, its place in the conversation; `user_uttered` is
  acknowledged once it is stored, handled in order, and once however often it is sent; `delivered`
  says how far a client has got, and `session_request` with a `cursor` replays the rest;
- `history_request` gives the conversation in pages;
- `files` beside `message` names what was uploaded before; see `file_routes` for the addresses;
- `typing` says that the customer writes, `agent_typing` that an agent does, and `messages_read` how
  far one has read; all three hold for seconds and are kept in no conversation;
- `standing` says where a customer stands who waits for a person: in line, or before a closed door;
- `save_transcript` gives the conversation as a file, `mail_transcript` has it mailed, and
  `transcript_mailed` says whether it was;
- `turn_over` says that a message was answered; `message_rejected` and `message_failed` what became
  of the others; `user_echo` shows a message in the customer's other tabs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

from rasa.core.channels.channel import InputChannel
from rasa.core.channels.socketio import SocketBlueprint
from sanic import Blueprint, Sanic
from socketio import AsyncRedisManager, AsyncServer
from sqlalchemy.exc import DatabaseError

from rasa_project.channels.desk_door import DeskDoor
from rasa_project.channels.files.links import Links
from rasa_project.channels.webchat.file_routes import FileRoutes
from rasa_project.channels.webchat.identity import Identity
from rasa_project.channels.webchat.mails import Mails
from rasa_project.channels.webchat.message_events import MessageEvents, OnNewMessage
from rasa_project.channels.webchat.origins import OriginPolicy
from rasa_project.channels.webchat.output import Publisher, PushedOutput
from rasa_project.channels.webchat.pages import add_pages
from rasa_project.channels.webchat.presence_routes import PresenceRoutes
from rasa_project.channels.webchat.session_events import SessionEvents
from rasa_project.channels.webchat.settings import Settings
from rasa_project.channels.webchat.standing_routes import StandingRoutes
from rasa_project.channels.webchat.store import Database, mails, messages, standings
from rasa_project.channels.webchat.tokens import SessionTokens
from rasa_project.channels.webchat.uploads import Uploads
from rasa_project.channels.webchat.visitors import Visitors

logger = logging.getLogger(__name__)

# A message of 1 MB is still answered in words; beyond, Sanic cuts the line.
_MAX_FRAME_BYTES: Final = 1_040_000
_SWEEP_SECONDS: Final = 5.0  # how long a session that was ended elsewhere reads on
_RECOVER_SECONDS: Final = 30.0  # how long what a dead worker left lies
_HELD_SECONDS: Final = 5.0  # how long Rasa may take to store what is pushed
_FORGET_SECONDS: Final = 3_600.0
_DAY: Final = 86_400.0


class WebChatInput(InputChannel):
    """The channel as `credentials.yml` configures it; see `DEFAULTS` for the keys.

    Args:
        options: The section of `credentials.yml`, None for an empty one.

    Raises:
        InvalidConfigException: If a key is unknown, a secret too short or an origin malformed.
    """

    takes_files = True  # from agents, that is; the desk asks

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        self._settings = Settings(options or {})
        self._keys = self._settings.keys()
        self._tokens = SessionTokens(self._keys, self._settings.session_days)
        self._identity = Identity(self._settings["identity"])
        self._origins = OriginPolicy(self._settings["origins"] or [])
        self._store = Database(self._settings.store)
        self._sio: Any = None
        self._pushed: PushedOutput | None = None
        self._uploads: Uploads | None = None
        self._chores: list[asyncio.Task[None]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa and in its address, /webhooks/webchat."""
        return "webchat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChatInput:
        """Reads the channel's section of `credentials.yml`."""
        return cls(credentials)

    @property
    def settings(self) -> Settings:
        """What the channel was asked to be; other channels keep files as this one does."""
        return self._settings

    def get_output_channel(self) -> PushedOutput | None:
        """Gives what delivers messages that answer no request, an agent's for one."""
        return self._pushed

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Makes the routes and the Socket.IO server that handle this channel."""
        redis = self._settings["redis"]
        self._sio = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=self._origins.allows,
            max_http_buffer_size=_MAX_FRAME_BYTES,
            transports=self._settings.transports,
            client_manager=AsyncRedisManager(redis, channel="attune-webchat") if redis else None,
        )
        links = Links(self._keys, f"/webhooks/{self.name()}/files", self._settings.link_seconds)
        publisher = Publisher(self._sio, self._store, self._settings["bot_message_evt"], links)
        self._pushed = PushedOutput(publisher)
        blueprint = _WebChatBlueprint(
            self._sio, self._settings["socketio_path"], "webchat_webhook", self.name()
        )
        add_pages(blueprint, demo_page=bool(self._settings["demo_page"]))
        visitors = Visitors(self._settings)
        self._listen(blueprint, publisher, on_new_message, visitors)
        self._serve_desk_and_files(blueprint, links, visitors)
        return blueprint

    def _listen(
        self,
        blueprint: Blueprint,
        publisher: Publisher,
        on_new_message: OnNewMessage,
        visitors: Visitors,
    ) -> None:
        entrance = SessionEvents(
            self._sio, self._store, self._tokens, self._identity, visitors, publisher,
            self._settings.files,
            {"voice": self._settings.voice, "mail": self._settings.mail is not None},
        )  # fmt: skip
        talk = MessageEvents(
            self._sio,
            self._store,
            publisher,
            entrance,
            visitors,
            lambda: blueprint.ctx.app.ctx.agent,  # the server replaces it with another model
            on_new_message,
            self._settings["metadata_key"],
            self._settings.init_payloads,
        )
        letters = Mails(self._sio, self._store, visitors, self._settings.mail)
        for handler in (entrance.connect, entrance.disconnect, entrance.session_request,
                        entrance.log_out, talk.history_request, talk.delivered,
                        talk.typing, letters.mail_transcript,
                        letters.save_transcript):  # fmt: skip
            self._sio.on(handler.__name__, handler)
        self._sio.on(self._settings["user_message_evt"], talk.user_uttered)

        # In each worker process by itself: a database's connections do not survive a fork.
        @blueprint.listener("before_server_start")
        async def prepare(_app: Sanic, _loop: object) -> None:
            # A process passes over what has its own id: one copied by a fork makes workers deaf.
            self._sio.manager.host_id = uuid.uuid4().hex
            try:
                await self._store.open()
            except (DatabaseError, OSError) as error:  # whoever asks next tries again
                logger.error("The chat's database cannot be used yet: %s", error)

        @blueprint.listener("after_server_start")
        async def start(_app: Sanic, _loop: object) -> None:
            self._chores = [
                asyncio.create_task(_every(_SWEEP_SECONDS, entrance.sweep)),
                asyncio.create_task(self._forget_now_and_then()),
                asyncio.create_task(self._recover(talk)),
                asyncio.create_task(_every(_HELD_SECONDS, release)),
                asyncio.create_task(letters.run()),
            ]

        async def release() -> None:
            await publisher.recover(blueprint.ctx.app.ctx.agent, _HELD_SECONDS)

        @blueprint.listener("before_server_stop")
        async def stop(_app: Sanic, _loop: object) -> None:
            for chore in self._chores:
                chore.cancel()
            talk.turns.stop()

        @blueprint.listener("after_server_stop")
        async def hang_up(_app: Sanic, _loop: object) -> None:
            await visitors.close()
            if isinstance(self._sio.manager, AsyncRedisManager):
                await _hang_up(self._sio.manager)

    def _serve_desk_and_files(self, blueprint: Blueprint, links: Links, visitors: Visitors) -> None:
        door = DeskDoor(self._settings.desk_token)
        PresenceRoutes(self._sio, self._store, door).add(blueprint)
        StandingRoutes(self._sio, self._store, door).add(blueprint)
        if self._settings.files is None:
            return
        self._uploads = Uploads(self._settings.files, self._store)
        FileRoutes(
            self._uploads, self._store, self._tokens, visitors, self._origins, links,
            door, int(self._settings["trusted_proxies"] or 0),
        ).add(blueprint)  # fmt: skip

    async def _recover(self, talk: MessageEvents) -> None:
        with contextlib.suppress(Exception):  # the chore below tries again and says what is wrong
            await talk.turns.recover()
        await _every(_RECOVER_SECONDS, lambda: talk.turns.recover(_RECOVER_SECONDS))

    async def _forget_now_and_then(self) -> None:
        with contextlib.suppress(Exception):  # as above
            await self._forget()
        await _every(_FORGET_SECONDS, self._forget)

    async def _forget(self) -> None:
        seconds = self._settings.history_days * _DAY
        if gone := await self._store.write(messages.forget, seconds):
            logger.info("%d old chats were deleted; see `history_days`.", gone)
        await self._store.write(standings.forget)
        await self._store.write(mails.forget)
        if self._uploads is not None:
            await self._uploads.sweep(seconds)


class _WebChatBlueprint(SocketBlueprint):
    """Remembers the application it is registered with: socket handlers see no request."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        self.ctx.app = app
        super().register(app, options)


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await chore()
        except Exception:
            logger.exception("A chore of the webchat channel failed and is tried again.")


async def _hang_up(manager: AsyncRedisManager) -> None:
    """Close the lines to Redis: the library leaves that to a garbage collector without a loop."""
    listening = getattr(manager, "thread", None)  # from the first visitor on
    if listening is not None:
        listening.cancel()
        await asyncio.wait([listening])
    if manager.redis is not None:
        await manager.pubsub.close()
        await manager.redis.close(close_connection_pool=True)
