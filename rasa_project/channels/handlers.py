"""What happens on each event of a chat client."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import UserMessage

from rasa_project.channels.conversations import Conversations
from rasa_project.channels.incoming import Incoming, Rejected, read_message
from rasa_project.channels.output import WebChatOutput
from rasa_project.channels.session import Session, SessionSigner
from rasa_project.channels.transcript import client_message_id, transcript

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

# The widget shows the latest of these; a longer past is for a page of its own.
HISTORY_MESSAGES = 200


def _echo(message: Incoming) -> dict[str, Any]:
    """What the customer's other tabs show; `title` is that of a pressed button."""
    title = message.metadata.get("title")
    text = title if isinstance(title, str) else message.text
    return {"id": message.message_id, "text": text, "timestamp": time.time(), "sender": "user"}


class EventHandlers:
    """Answers one Socket.IO server's clients.

    Args:
        sio: The Socket.IO server; a conversation's sockets share a room named after it.
        signer: Issues and opens session tokens.
        output: Where Rasa sends the answers.
        agent: Gives Rasa's agent, or raises while no model is loaded.
        on_new_message: Passes a message to Rasa and returns when its turn is over.
        metadata_key: Where in a client's message the metadata stands.
    """

    def __init__(
        self,
        sio: Any,
        signer: SessionSigner,
        output: WebChatOutput,
        agent: Callable[[], Any],
        on_new_message: OnNewMessage,
        metadata_key: str,
    ) -> None:
        self._sio = sio
        self._signer = signer
        self._output = output
        self._agent = agent
        self._on_new_message = on_new_message
        self._metadata_key = metadata_key
        self._conversations = Conversations(self._past_ids)

    async def session_request(self, sid: str, data: object = None) -> None:
        """Confirms the session whose token the client shows, or starts a fresh one."""
        token = data.get("session_id") if isinstance(data, dict) else None
        await self._enter(sid, self._signer.open(token) or self._signer.issue())

    async def history_request(self, sid: str, _data: object = None) -> dict[str, Any]:
        """Acknowledges with the transcript of the socket's own conversation."""
        session = await self._session_of(sid)
        if session is None:
            return {"error": "session"}
        try:
            async with self._conversations.between_turns(session.conversation):
                events = await self._events(session.conversation)
        except Exception:
            logger.exception("The history of conversation %s cannot be read.", session.conversation)
            return {"error": "unavailable"}
        return {"messages": transcript(events)[-HISTORY_MESSAGES:]}

    async def user_uttered(self, sid: str, data: object = None) -> dict[str, Any]:
        """Passes a message on and acknowledges it when its turn is over."""
        try:
            message = read_message(data, self._metadata_key)
            session = await self._session_for(sid, data, message)
        except Rejected as rejected:
            told = {"id": rejected.message_id, "reason": rejected.reason}
            await self._sio.emit("message_rejected", told, room=sid)
            return {"status": "rejected", "reason": rejected.reason}
        try:
            fresh = await self._conversations.handle_once(
                session.conversation,
                message.message_id,
                partial(self._handle, sid, session.conversation, message),
            )
        except Exception:
            logger.exception("A message of conversation %s failed.", session.conversation)
            await self._sio.emit("message_failed", {"id": message.message_id}, room=sid)
            return {"status": "failed"}
        return {"status": "handled" if fresh else "duplicate"}

    async def _handle(self, sid: str, conversation: str, message: Incoming) -> None:
        self._agent()  # Rasa drops messages silently while it has no model
        if message.message_id is not None:  # without one, a tab could not tell it from the history
            await self._sio.emit("user_echo", _echo(message), room=conversation, skip_sid=sid)
        await self._on_new_message(
            UserMessage(
                message.text,
                self._output,
                conversation,
                input_channel=self._output.name(),
                metadata=message.metadata,
            )
        )

    async def _session_for(self, sid: str, data: Any, message: Incoming) -> Session:
        """The session a message belongs to: the token sent along, else the socket's own."""
        if data.get("session_id") is not None:
            session = self._signer.open(data["session_id"])
            if session is None:
                raise Rejected(message.message_id, "session")
            return session
        session = await self._session_of(sid)
        if session is None:  # a simple client that never asks for one
            session = self._signer.issue()
            await self._enter(sid, session)
        return session

    async def _enter(self, sid: str, session: Session) -> None:
        previous = await self._session_of(sid)
        if previous is not None:
            await self._sio.leave_room(sid, previous.conversation)
        await self._sio.save_session(sid, {"webchat": session})
        await self._sio.enter_room(sid, session.conversation)
        await self._sio.emit("session_confirm", session.token, room=sid)

    async def _session_of(self, sid: str) -> Session | None:
        session: Session | None = (await self._sio.get_session(sid)).get("webchat")
        return session

    async def _past_ids(self, conversation: str) -> list[str]:
        ids = map(client_message_id, await self._events(conversation))
        return [message_id for message_id in ids if message_id is not None]

    async def _events(self, conversation: str) -> list[Any]:
        agent = self._agent()
        # The lock of Rasa itself: an agent's message is delivered before it is stored.
        async with agent.lock_store.lock(conversation):
            tracker = await agent.tracker_store.retrieve_full_tracker(conversation)
        return [] if tracker is None else list(tracker.events)
