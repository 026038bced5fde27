"""How messages leave the `webchat` channel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel

from rasa_project.channels.transcript import wire_messages


class WebChatOutput(OutputChannel):
    """Delivers to every socket of a conversation: all tabs, whoever speaks.

    Args:
        sio: The Socket.IO server; a conversation's sockets share a room named after it.
        bot_message_evt: The event that carries a message to clients.
    """

    def __init__(self, sio: Any, bot_message_evt: str) -> None:
        self._sio = sio
        self._event = bot_message_evt

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return "webchat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Sends one bot utterance, in as many messages as the wire format asks for."""
        for wire_message in wire_messages(message):
            await self._sio.emit(self._event, wire_message, room=recipient_id)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Sends a text."""
        await self.send_response(recipient_id, {**kwargs, "text": text})

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Sends an image."""
        await self.send_response(recipient_id, {**kwargs, "image": image})

    async def send_attachment(self, recipient_id: str, attachment: Any, **kwargs: Any) -> None:
        """Sends an attachment."""
        await self.send_response(recipient_id, {**kwargs, "attachment": attachment})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Sends a text with buttons below."""
        await self.send_response(recipient_id, {**kwargs, "text": text, "buttons": buttons})

    async def send_elements(
        self, recipient_id: str, elements: Iterable[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Sends cards."""
        await self.send_response(recipient_id, {**kwargs, "elements": list(elements)})

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Sends a client-specific payload."""
        await self.send_response(recipient_id, {**kwargs, "custom": json_message})
