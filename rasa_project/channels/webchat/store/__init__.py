"""What was said on the widget, durable and numbered, apart from Rasa's trackers."""

from rasa_project.channels.webchat.store.database import Database

__all__ = ["Database"]
