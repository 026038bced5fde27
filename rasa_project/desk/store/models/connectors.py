"""What other help desks know of our tickets, what they have still to hear, and what they sent."""

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
    UniqueConstraint,
)

from rasa_project.desk.store.models.base import Base, Column

CONNECTOR_CHARACTERS = 40
REMOTE_CHARACTERS = 255


class ConnectorLink(Base):
    """A ticket of ours in another desk; `remote_id` is empty until that desk has it."""

    __tablename__ = "connector_links"
    __table_args__ = (
        UniqueConstraint("ticket_id", "connector", name="one_link_a_desk"),
        Index("connector_links_by_remote", "connector", "remote_id"),
    )

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False)
    connector = Column(String(CONNECTOR_CHARACTERS), nullable=False)
    remote_id = Column(String(REMOTE_CHARACTERS))
    url = Column(Text)
    details = Column(JSON, nullable=False, default=dict)  # what the connector remembers
    shown_until = Column(Integer, nullable=False, default=0)  # the transcript's last message
    holder = Column(String(80))  # who has the conversation there


class ConnectorEntry(Base):
    """One thing that another desk has still to hear; those of a ticket go out in order."""

    __tablename__ = "connector_outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'dead')", name="known_connector_state"),
        Index("connector_outbox_in_order", "state", "connector", "ticket_id", "id"),
    )

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False)
    connector = Column(String(CONNECTOR_CHARACTERS), nullable=False)
    kind = Column(String(16), nullable=False)
    message_id = Column(ForeignKey("messages.id"))
    content = Column(JSON, nullable=False, default=dict)
    state = Column(String(16), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    uncertain = Column(Boolean, nullable=False, default=False)  # that desk may have it already
    next_attempt_at = Column(Float, nullable=False)
    give_up_at = Column(Float, nullable=False)
    error = Column(Text)
    created_at = Column(Float, nullable=False)
    sent_at = Column(Float)


class ConnectorDelivery(Base):
    """A signed request of another desk, kept so that it counts once."""

    __tablename__ = "connector_deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'failed')", name="known_delivery_state"),
        UniqueConstraint("connector", "delivery_id", name="one_delivery"),
        Index("connector_deliveries_in_order", "state", "id"),
    )

    id = Column(Integer, primary_key=True)
    connector = Column(String(CONNECTOR_CHARACTERS), nullable=False)
    delivery_id = Column(String(REMOTE_CHARACTERS), nullable=False)
    actions = Column(JSON, nullable=False)
    state = Column(String(16), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    next_attempt_at = Column(Float, nullable=False)
    error = Column(Text)
    received_at = Column(Float, nullable=False, index=True)
