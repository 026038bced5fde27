"""The `webchat` channel: chat on a web page, in conversations that must not be lost."""

from rasa_project.channels.webchat.channel import WebChatInput

__all__ = ["WebChatInput"]
