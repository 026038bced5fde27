"""What the bot understood and did, for the agent who goes on from there."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, String

from rasa_project.desk.store.models.base import SOURCE_CHARACTERS, Base, Column


class BotStep(Base):
    """An intent that the bot took a message for, or an action that it took."""

    __tablename__ = "bot_steps"
    __table_args__ = (
        CheckConstraint("kind IN ('intent', 'action')", name="known_step"),
        Index("bot_steps_in_order", "conversation_id", "timestamp", "id"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    source = Column(String(SOURCE_CHARACTERS), nullable=False, unique=True)  # Rasa's event
    kind = Column(String(8), nullable=False)
    name = Column(String(120), nullable=False)
    confidence = Column(Float)
    timestamp = Column(Float, nullable=False)
