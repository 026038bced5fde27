"""What supervisors count: one row a ticket, kept beside it by `store/figures.py`."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, Index, Integer, String

from rasa_project.desk.store.models.base import Base, Column


class TicketFigures(Base):
    """A ticket in numbers and names, so that a hundred thousand can be counted while one looks.

    Emotions are service labels, or `unclear` where the model abstained; valences stand for clear
    ones alone, -1 to 1. Whole seconds suffice here, and divide alike in every database.
    """

    __tablename__ = "ticket_figures"
    __table_args__ = (
        Index("figures_by_time", "opened_at"),
        Index("figures_by_conversation", "conversation_id", "ticket_id"),
    )

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    opened_at = Column(Integer, nullable=False)
    channel = Column(String(255))
    language = Column(String(16))
    intent = Column(String(255))  # what the bot took the message for that led to the desk
    state = Column(String(16), nullable=False)
    waited = Column(Integer)  # seconds until the first answer of an agent
    handled = Column(Integer)  # seconds from claim to close
    closed_at = Column(Integer)
    reopened_at = Column(Integer)  # when the same customer needed the desk again
    arrival_emotion = Column(String(40))
    arrival_valence = Column(Float)
    end_emotion = Column(String(40))
    end_valence = Column(Float)
    rating = Column(Integer)  # the customer's own, 1 to 5


class TicketReason(Base):
    """A signal for which a ticket came to the desk."""

    __tablename__ = "ticket_reasons"

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    signal = Column(String(40), primary_key=True)
