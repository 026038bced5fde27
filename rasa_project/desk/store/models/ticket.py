"""Tickets and their steps."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, text

from rasa_project.desk.store.models.base import SOURCE_CHARACTERS, Base, Column, relationship
from rasa_project.desk.tickets import states

_STATES = ", ".join(f"'{state}'" for state in states.STATES)
_OPEN = ", ".join(f"'{state}'" for state in states.OPEN)


class Ticket(Base):
    """One time that a conversation waits for a human, until nobody here has it any more."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="known_state"),
        Index(
            "one_open_ticket",
            "conversation_id",
            unique=True,
            sqlite_where=text(f"state IN ({_OPEN})"),
            postgresql_where=text(f"state IN ({_OPEN})"),
        ),
        Index("tickets_by_urgency", "state", "sort_key"),
        Index("tickets_of_a_conversation", "conversation_id", "state"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    state = Column(String(16), nullable=False)
    heat = Column(Float, nullable=False)
    evidence = Column(Float, nullable=False)
    sort_key = Column(Float, nullable=False)
    reasons = Column(JSON, nullable=False, default=list)
    opened_at = Column(Float, nullable=False)
    claimed_at = Column(Float)
    closed_at = Column(Float)
    agent_id = Column(ForeignKey("agents.id"))
    forecast = Column(Float)  # chance that the customer ends dissatisfied, 0 to 1; none: unknown
    priority = Column(String(16), nullable=False, default="normal", server_default="normal")
    team = Column(String(40))  # none: everybody's
    entered_at = Column(Float)  # when the queue took it in: gave it a team and its first timer
    snoozed_at = Column(Float)
    snoozed_until = Column(Float)

    conversation = relationship("Conversation", lazy="joined", innerjoin=True)
    agent = relationship("Agent", lazy="joined")


class Transition(Base):
    """A ticket's step from one state to another; a key is never applied twice."""

    __tablename__ = "transitions"

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False, index=True)
    from_state = Column(String(16), nullable=False)
    to_state = Column(String(16), nullable=False)
    who = Column(String(80), nullable=False)
    why = Column(Text, nullable=False)
    at = Column(Float, nullable=False)
    key = Column(String(SOURCE_CHARACTERS + 16), nullable=False, unique=True)
