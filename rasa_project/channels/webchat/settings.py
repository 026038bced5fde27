"""The channel's section of `credentials.yml`, checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.files import settings as files
from rasa_project.channels.webchat import mail_settings
from rasa_project.channels.webchat.keys import GivenKeys, KeptKeys, Keys
from rasa_project.channels.webchat.limits import Limiter, Limits, Rate
from rasa_project.channels.webchat.shared_limits import SharedLimiter

DEFAULTS: Final[dict[str, Any]] = {
    "secret": None,  # signs sessions; ATTUNE_WEBCHAT_SECRET, else keys kept in the state folder
    "previous_secrets": [],  # verify sessions that were signed before `secret` was changed
    "session_days": 30,  # a session ends after so many days without a visit
    "key_days": 90,  # how long a key signs that the server made by itself
    "identity": None,  # {secret, method}: how the shop's server vouches for its customers
    "origins": [],  # pages that may chat besides those served here; "*" for any
    "store": None,  # SQLAlchemy URL of the messages; webchat.db in the state folder
    "history_days": 365,  # a conversation is deleted so long after its last message
    "redis": None,  # redis://... that the workers and hosts of one service share
    "transports": None,  # [websocket, polling]; with `redis` websocket alone
    "files": {},  # what may be sent beside words, see `channels/files/settings.py`; false for none
    "voice": "transcript",  # voice notes, `sound` without a transcript, false for none
    "mail": None,  # mails conversations to customers, see `mail_settings.py`
    "init_payloads": [],  # what a client may send unasked as an intent, such as /get_started
    "desk_token": None,  # opens the desk's side of the channel; ATTUNE_RASA_TOKEN
    "trusted_proxies": 0,  # proxies before this server that add to X-Forwarded-For
    "limits": {},  # see LIMITS
    "demo_page": False,  # serve the demo shop at /webhooks/webchat/shop
    "socketio_path": "/socket.io",
    "user_message_evt": "user_uttered",
    "bot_message_evt": "bot_uttered",
    "metadata_key": "metadata",
}
# At once, and a minute in the long run. An address may be that of an office or a school.
LIMITS: Final[dict[str, tuple[int, float]]] = {
    "session_messages": (20, 60),  # a fast typist manages 20 a minute
    "address_messages": (200, 600),
    "address_sessions": (60, 60),  # new conversations
    "address_connections": (200, 600),
    "session_requests": (60, 240),  # history, receipts
    "session_files": (10, 20),
    "address_files": (100, 200),
    "session_mails": (3, 0.1),  # conversations that are mailed
    "address_mails": (10, 1),
}
_VOICES: Final = ("transcript", "sound")
_TRANSPORTS: Final = ("websocket", "polling")
_PLACE: Final = "Correct it in credentials.yml under rasa_project.channels.webchat.WebChatInput."


class Settings:
    """What the channel was asked to be.

    Args:
        options: The section of `credentials.yml`; missing keys have the values of `DEFAULTS`.

    Raises:
        InvalidConfigException: If a key is unknown or a value of the wrong kind.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        _know(options, DEFAULTS, "The webchat channel")
        self._options = {**DEFAULTS, **options}
        _know(self._options["limits"] or {}, LIMITS, "`limits`")
        self.session_days = self._positive("session_days")
        self.history_days = self._positive("history_days")
        self.key_days = self._positive("key_days")
        self.transports = self._transports()
        self.voice = self._voice()
        self.mail = mail_settings.read(self._options["mail"], _PLACE)
        self.init_payloads = self._init_payloads()
        self.files = files.read(self._options["files"], self.home, _PLACE)

    def __getitem__(self, key: str) -> Any:
        return self._options[key]

    @property
    def home(self) -> Path:
        """The state folder."""
        return Path(os.environ.get("ATTUNE_HOME") or ".attune")

    @property
    def store(self) -> str:
        """SQLAlchemy URL of the messages."""
        given = self["store"] or os.environ.get("ATTUNE_WEBCHAT_DB")
        return str(given or f"sqlite:///{self.home / 'webchat.db'}")

    @property
    def desk_token(self) -> str:
        """What the desk shows; empty where nobody may ask as the desk."""
        return str(self["desk_token"] or os.environ.get("ATTUNE_RASA_TOKEN") or "")

    @property
    def link_seconds(self) -> float:
        """How long an address of a file opens it."""
        return 0.0 if self.files is None else self.files.link_seconds

    def keys(self) -> Keys:
        """Return the keys that sign sessions."""
        secret = self["secret"] or os.environ.get("ATTUNE_WEBCHAT_SECRET")
        if secret:
            return GivenKeys([secret, *(self["previous_secrets"] or [])])
        return KeptKeys(self.home / "webchat-keys.json", self.key_days, self.session_days)

    def limiter(self, name: str) -> Limits:
        """Return the limiter of one of `LIMITS`; with `redis` all workers count together."""
        burst, per_minute = (self["limits"] or {}).get(name, LIMITS[name])
        rate = Rate(burst, per_minute)
        # A socket's own requests come to one worker alone.
        if not self["redis"] or name == "session_requests":
            return Limiter(rate)
        return SharedLimiter(str(self["redis"]), name, rate)

    def _positive(self, key: str) -> float:
        value = self[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise InvalidConfigException(
                f"`{key}` must be a number above 0. Received: {value!r}. {_PLACE}"
            )
        return float(value)

    def _voice(self) -> str | None:
        given = self["voice"]
        if given is False or given in _VOICES:
            return given or None
        raise InvalidConfigException(
            f"`voice` must be false, {' or '.join(_VOICES)}. Received: {given!r}. {_PLACE}"
        )

    def _init_payloads(self) -> frozenset[str]:
        given = self["init_payloads"] or []
        if not isinstance(given, list) or not all(
            isinstance(one, str) and one.startswith("/") for one in given
        ):
            raise InvalidConfigException(
                "`init_payloads` must be a list of intents such as [/get_started]. "
                f"Received: {given!r}. {_PLACE}"
            )
        return frozenset(one.strip() for one in given)

    def _transports(self) -> list[str]:
        given = self["transports"]
        if given is None:
            # Polling sends a client's requests to any worker; only one of them knows the client.
            return ["websocket"] if self["redis"] else list(_TRANSPORTS)
        if not isinstance(given, list) or not given or set(given) - set(_TRANSPORTS):
            raise InvalidConfigException(
                f"`transports` must be a list of {' and '.join(_TRANSPORTS)}. "
                f"Received: {given!r}. {_PLACE}"
            )
        return given


def _know(given: Any, known: Mapping[str, Any], who: str) -> None:
    if not isinstance(given, Mapping):
        raise InvalidConfigException(f"{who} must be a section. Received: {given!r}. {_PLACE}")
    if unknown := sorted(given.keys() - known.keys()):
        raise InvalidConfigException(
            f"{who} does not know {', '.join(unknown)}. It knows {', '.join(known)}. {_PLACE}"
        )
    for name, value in given.items():
        if known is LIMITS and not _is_rate(value):
            raise InvalidConfigException(
                f"`{name}` of `limits` must be how many at once and how many a minute, such as "
                f"[20, 60]. Received: {value!r}. {_PLACE}"
            )


def _is_rate(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and all(isinstance(part, (int, float)) and part > 0 for part in value)
        and value[0] >= 1
    )
