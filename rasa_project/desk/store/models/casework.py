"""What agents note about tickets, for themselves and for those who come later."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, Integer, String, Text

from rasa_project.desk.store.models.base import Base, Column, relationship
from rasa_project.desk.tickets import outcome_kinds

_OUTCOMES = ", ".join(f"'{kind}'" for kind in outcome_kinds.OUTCOMES)


class Note(Base):
    """A word from one agent to the others; the customer never reads it."""

    __tablename__ = "notes"

    id = Column(Integer, primary_key=True)
    key = Column(String(64), nullable=False, unique=True)  # made by the page
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False, index=True)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    text = Column(Text, nullable=False)
    at = Column(Float, nullable=False)

    agent = relationship("Agent", lazy="joined", innerjoin=True)


class TicketTag(Base):
    """A word under which a ticket is found again."""

    __tablename__ = "ticket_tags"

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    name = Column(String(40), primary_key=True, index=True)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    at = Column(Float, nullable=False)


class Outcome(Base):
    """How a resolved ticket ended."""

    __tablename__ = "outcomes"
    __table_args__ = (CheckConstraint(f"kind IN ({_OUTCOMES})", name="known_outcome"),)

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    kind = Column(String(16), nullable=False)
    detail = Column(Text, nullable=False)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    at = Column(Float, nullable=False)
