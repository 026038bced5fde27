"""Whether what comes in is checked, what is secret stays so, and agents' answers get out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rasa_project.guest.findings import Finding
from rasa_project.guest.project import WEBCHAT, Project
from rasa_project.guest.workers import asked_workers
from rasa_project.guest.yaml_file import YamlFile

# Rasa 3.6's own channels, by the keys of `credentials.yml` that must not be read by others.
_SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "facebook": ("verify", "secret", "page-access-token"),
    "slack": ("slack_token", "slack_signing_secret"),
    "telegram": ("access_token",),
    "twilio": ("auth_token",),
    "mattermost": ("token",),
    "rocketchat": ("password",),
    "botframework": ("app_password",),
    "webexteams": ("access_token",),
    "socketio": ("jwt_key",),
    WEBCHAT: ("secret",),
}
_PROVIDERS: Final = "rasa_project.channels.messaging.providers"
# Attune's channels that take the place of Rasa's, by the names of Rasa's.
_INSTEAD: Final[Mapping[str, str]] = {
    "telegram": f"Use {_PROVIDERS}.telegram.TelegramInput in its place (docs/channels.md)",
    "twilio": f"Use {_PROVIDERS}.twilio.TwilioSmsInput in its place, and TwilioWhatsAppInput of "
    "the same module for WhatsApp (docs/channels.md)",
    "mattermost": f"Use {_PROVIDERS}.mattermost.MattermostInput in its place (docs/channels.md)",
    "botframework": f"Use {_PROVIDERS}.teams.TeamsInput in its place (docs/channels.md)",
    "rocketchat": f"Use {_PROVIDERS}.rocketchat.RocketChatInput in its place (docs/channels.md)",
}
_TOKENLESS: Final[Mapping[str, str]] = {"mattermost": "Mattermost", "rocketchat": "Rocket.Chat"}
# Rasa 3.6's channels without `get_output_channel`.
_WITHOUT_PUSH: Final = ("rest", "hangouts", "botframework", "mattermost", "twilio_voice")


def check(project: Project) -> Iterator[Finding]:
    """Check every channel of credentials.yml."""
    file = project.credentials
    if file is None:
        return
    yield from _secrets(file)
    yield from _unverified(file)
    if project.hands_over:
        yield from _unreachable(file)
    yield from _socketio(project, file)


def _secrets(file: YamlFile) -> Iterator[Finding]:
    for channel, keys in _SECRETS.items():
        for key in keys:
            value = file.section(channel).get(key)
            if value is None or value == "" or "${" in str(value):
                continue
            variable = f"{channel.rpartition('.')[2]}_{key}".replace("-", "_").upper()
            yield Finding(
                "warning",
                "secret-in-file",
                f"`{key}` of {channel} stands in the file itself, so whoever reads the repository "
                "or a backup has it.",
                f"Write `{key}: ${{{variable}}}` and set that environment variable where Rasa is "
                "started; then have the service issue a new one.",
                file.at(channel, key),
            )


def _unverified(file: YamlFile) -> Iterator[Finding]:
    if "telegram" in file.content:
        yield Finding(
            "warning",
            "telegram-unverified",
            "Rasa's telegram channel does not check Telegram's secret token: whoever knows the "
            "webhook's address can write in any customer's name.",
            f"{_INSTEAD['telegram']}, which checks it.",
            file.at("telegram"),
        )
    if "twilio" in file.content:
        yield Finding(
            "warning",
            "twilio-unverified",
            "Rasa's twilio channel does not check Twilio's signature: whoever knows the webhook's "
            "address can write in any customer's name.",
            f"{_INSTEAD['twilio']}: they check it.",
            file.at("twilio"),
        )
    for channel, title in _TOKENLESS.items():
        if channel in file.content:
            yield Finding(
                "warning",
                f"{channel}-unverified",
                f"Rasa's {channel} channel does not check the token of {title}'s webhook: whoever "
                "knows its address can write in any person's name, and say button payloads.",
                f"{_INSTEAD[channel]}, which checks it.",
                file.at(channel),
            )


def _unreachable(file: YamlFile) -> Iterator[Finding]:
    """Find channels through which nothing gets out that answers no request."""
    for channel in _WITHOUT_PUSH:
        if channel in file.content:
            yield Finding(
                "warning",
                "channel-no-push",
                f"The {channel} channel only answers requests: after a handoff what an agent "
                "writes cannot reach a customer there.",
                f"{_INSTEAD[channel]}: its messages arrive."
                if channel in _INSTEAD
                else f"Use it for tests alone, and {WEBCHAT} or another channel with push for "
                "customers.",
                file.at(channel),
            )
    if "telegram" in file.content:
        yield Finding(
            "warning",
            "telegram-no-push",
            "Rasa's telegram channel starts an event loop inside the running one when a message "
            "is pushed: after a handoff what an agent writes does not reach the customer.",
            f"{_INSTEAD['telegram']}: its messages arrive.",
            file.at("telegram"),
        )
    if "callback" in file.content:
        yield Finding(
            "note",
            "callback-no-metadata",
            "The callback channel drops the metadata of messages: a button that is pressed before "
            "anything was written is answered in the default language, whatever the page's is.",
            "Nothing, if your customers write in one language.",
            file.at("callback"),
        )


def _socketio(project: Project, file: YamlFile) -> Iterator[Finding]:
    if "socketio" in file.content:
        yield _unbound(file, file.section("socketio"), project.hands_over)
    workers, asked_at = asked_workers(project.folder)
    for channel in ("socketio", WEBCHAT):
        shared = channel == WEBCHAT and file.section(WEBCHAT).get("redis")
        if channel in file.content and workers > 1 and not shared:
            yield Finding(
                "error",
                "socket-workers",
                f"SANIC_WORKERS asks for {workers} workers ({asked_at}). Each has its own sockets, "
                "so what one sends would not reach a customer who is connected to another.",
                f"Set `redis: redis://...` under {WEBCHAT}, through which the workers tell each "
                "other, or run one worker."
                if channel == WEBCHAT
                else "Run one worker a server. For more load start several servers, each customer "
                "always on the same one (sticky sessions).",
                file.at(channel),
            )


def _unbound(file: YamlFile, settings: Mapping[str, Any], hands_over: bool) -> Finding:
    fix = f"Use {WEBCHAT} in its place: clients of socketio work with it unchanged."
    if not settings.get("session_persistence"):
        return Finding(
            "warning" if hands_over else "note",
            "socketio-forgets",
            "A conversation of the socketio channel ends with its connection: whoever reloads the "
            "page starts anew, and what an agent writes meanwhile reaches nobody.",
            fix,
            file.at("socketio"),
        )
    token = " The JWT does not change that: it is not bound to the id." * bool(
        settings.get("jwt_key")
    )
    return Finding(
        "warning",
        "socketio-unbound",
        "In the socketio channel with session_persistence whoever knows a session's id reads "
        f"along and writes in the customer's name.{token} Messages sent while a customer is "
        "offline are lost.",
        fix,
        file.at("socketio"),
    )
