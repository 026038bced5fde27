"""The sockets of this process: whose they are and what they may ask."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.settings import LIMITS, Settings
from rasa_project.channels.webchat.tokens import Session

# A program that does not listen to refusals is hung up on.
MAX_REFUSALS: Final = 200


@dataclass
class Visitor:
    """One socket.

    Attributes:
        address: The network address that it comes from.
        session: What it has shown a token for, None before.
        thread: The session's thread.
        language: In which refusals are worded.
        refusals: How often it was refused since something was accepted.
    """

    address: str
    session: Session | None = None
    thread: str | None = None
    language: str = "en"
    refusals: int = 0


class Visitors:
    """Every socket of this process, with what its session and address are allowed."""

    def __init__(self, settings: Settings) -> None:
        self._visitors: dict[str, Visitor] = {}
        self._proxies = int(settings["trusted_proxies"] or 0)
        self._limits = {name: settings.limiter(name) for name in LIMITS}

    async def close(self) -> None:
        """Close the limiters."""
        for limits in self._limits.values():
            await limits.close()

    async def arrive(self, sid: str, environ: Mapping[str, Any]) -> None:
        """Take note of a new socket.

        Raises:
            Rejected: If its address opens too many.
        """
        address = client_address(environ, self._proxies)
        await _allow(self._limits["address_connections"].wait(address))
        self._visitors[sid] = Visitor(address)

    def leave(self, sid: str) -> None:
        """Forget a socket."""
        self._visitors.pop(sid, None)

    def of(self, sid: str) -> Visitor:
        """Return a socket's visitor; one that has just left is nobody's."""
        return self._visitors.get(sid) or Visitor("")

    def sessions(self) -> list[tuple[str, Session]]:
        """List the sockets that have a session."""
        return [(sid, v.session) for sid, v in self._visitors.items() if v.session is not None]

    async def allow_message(
        self, visitor: Visitor, session: Session, message_id: str | None
    ) -> None:
        """Count a message.

        Raises:
            Rejected: If session or address have sent too many.
        """
        await _allow(self._limits["session_messages"].wait(session.id), message_id)
        await _allow(self._limits["address_messages"].wait(visitor.address), message_id)

    async def allow_file(self, session: Session, address: str) -> None:
        """Count a file; raises like `allow_message`."""
        await _allow(self._limits["session_files"].wait(session.id))
        await _allow(self._limits["address_files"].wait(address))

    async def allow_mail(self, session: Session, address: str) -> None:
        """Count a conversation that is to be mailed; raises like `allow_message`."""
        await _allow(self._limits["session_mails"].wait(session.id))
        await _allow(self._limits["address_mails"].wait(address))

    async def allow_request(self, sid: str) -> None:
        """Count a request for history, a session or a receipt; raises like `allow_message`."""
        await _allow(self._limits["session_requests"].wait(sid))

    async def allow_session(self, visitor: Visitor) -> None:
        """Count a new conversation; raises like `allow_message`."""
        await _allow(self._limits["address_sessions"].wait(visitor.address))


def client_address(environ: Mapping[str, Any], proxies: int) -> str:
    """Return the address that a request comes from.

    Args:
        environ: The request as engineio hands it on.
        proxies: How many proxies before this server are ours; what stands further left in
            X-Forwarded-For anybody may have written.
    """
    hops = [
        hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()
    ]
    if proxies and len(hops) >= proxies:
        return str(hops[-proxies])
    request = environ.get("sanic.request")  # engineio itself says 127.0.0.1 of everybody
    return str(getattr(request, "ip", "") or environ.get("REMOTE_ADDR", ""))


async def _allow(waiting: Awaitable[float], message_id: str | None = None) -> None:
    seconds = await waiting
    if seconds > 0:
        raise Rejected(message_id, "too_fast", seconds)
