"""What Rasa has still to hear."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)

from rasa_project.desk.store.models.base import Base, Column


class OutboxEntry(Base):
    """One request to Rasa; `message_id` stands in one of its events and proves its arrival."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'dead')", name="known_outbox_state"),
        Index("outbox_in_order", "state", "conversation_id", "id"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False)
    message_id = Column(String(64), nullable=False, unique=True)
    events = Column(JSON, nullable=False)
    state = Column(String(16), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    uncertain = Column(Boolean, nullable=False, default=False)  # Rasa may have it already
    next_attempt_at = Column(Float, nullable=False)
    error = Column(Text)
    created_at = Column(Float, nullable=False)  # or since when it is sent again
    sent_at = Column(Float)
