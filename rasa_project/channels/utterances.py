"""An output channel that takes each utterance whole."""

from __future__ import annotations

import abc
from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel


class UtteranceOutput(OutputChannel, abc.ABC):
    """Brings Rasa's many ways to say something to one: `send_response`."""

    @abc.abstractmethod
    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Say one utterance: text, buttons, image and all."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Say a text."""
        await self.send_response(recipient_id, {**kwargs, "text": text})

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Show an image."""
        await self.send_response(recipient_id, {**kwargs, "image": image})

    async def send_attachment(self, recipient_id: str, attachment: Any, **kwargs: Any) -> None:
        """Send an attachment."""
        await self.send_response(recipient_id, {**kwargs, "attachment": attachment})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Say a text with buttons below."""
        await self.send_response(recipient_id, {**kwargs, "text": text, "buttons": buttons})

    async def send_elements(
        self, recipient_id: str, elements: Iterable[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Show cards."""
        await self.send_response(recipient_id, {**kwargs, "elements": list(elements)})

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Send what was written for this very channel."""
        await self.send_response(recipient_id, {**kwargs, "custom": json_message})
