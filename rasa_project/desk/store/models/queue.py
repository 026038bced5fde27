"""What the queue remembers: who does which work, what customers were told, what is due when."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, text

from rasa_project.desk.store.models.base import SOURCE_CHARACTERS, Base, Column


class WorkProfile(Base):
    """Which conversations are an agent's; without a row, or with an empty list, all are."""

    __tablename__ = "work_profiles"

    agent_id = Column(ForeignKey("agents.id"), primary_key=True)
    teams = Column(JSON, nullable=False)
    languages = Column(JSON, nullable=False)
    max_conversations = Column(Integer)  # none: as many as the desk's file says


class TicketEvent(Base):
    """Something that was done to a ticket besides a step between states; a key applies once."""

    __tablename__ = "ticket_events"

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False, index=True)
    kind = Column(String(16), nullable=False)
    who = Column(String(80), nullable=False)
    at = Column(Float, nullable=False)
    data = Column(JSON, nullable=False)
    key = Column(String(SOURCE_CHARACTERS + 16), nullable=False, unique=True)


class TicketLink(Base):
    """An agent's word that an earlier ticket is the same customer's."""

    __tablename__ = "ticket_links"

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    earlier_id = Column(ForeignKey("tickets.id"), primary_key=True)


class QueueNotice(Base):
    """What a waiting customer was last told of their place."""

    __tablename__ = "queue_notices"

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    told_at = Column(Float, nullable=False)
    place = Column(
        Integer
    )  # none: they enter the queue anew, and hear it when two minutes are over
    minutes = Column(Integer)  # the longer end of the expected wait; none: no figure was given


class Absence(Base):
    """A customer was told that nobody is there; `contact` is what they left since."""

    __tablename__ = "absences"

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    told_at = Column(Float, nullable=False)
    why = Column(String(16), nullable=False)
    contact = Column(Text)


class AnswerTimer(Base):
    """A customer waits for an answer, from `started_at` on; rows stay for reports."""

    __tablename__ = "answer_timers"
    __table_args__ = (
        CheckConstraint("kind IN ('first', 'next')", name="known_timer"),
        Index(
            "one_running_timer",
            "ticket_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("timers_by_ticket", "ticket_id", "started_at"),
    )

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False)
    kind = Column(String(16), nullable=False)
    priority = Column(String(16), nullable=False)
    started_at = Column(Float, nullable=False)
    warn_at = Column(Float, nullable=False)
    due_at = Column(Float, nullable=False)
    ended_at = Column(Float)
    answered = Column(Integer)  # 1: by an answer, 0: the conversation ended without one
    breached_at = Column(Float)  # when the answer was due and had not come
