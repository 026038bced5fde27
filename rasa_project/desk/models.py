"""The tables of the desk's store.

Times are seconds since 1970 in UTC. `migrations/` makes these tables; a test holds the two equal.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy
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
    orm,
    text,
)

from rasa_project.desk import states

Base: Any = orm.declarative_base()
# A mapped attribute is a column on the class and a value on an object; SQLAlchemy 1.4 has no type
# that says both without a plugin for the type checker.
Column: Any = sqlalchemy.Column
relationship: Any = orm.relationship

ID_CHARACTERS = 255  # of a conversation, as in Rasa's own table
SOURCE_CHARACTERS = 320  # a conversation's id with a row number and a time

_STATES = ", ".join(f"'{state}'" for state in states.STATES)
_OPEN = ", ".join(f"'{state}'" for state in states.OPEN)


class Conversation(Base):
    """A customer's conversation with the bot; `id` is Rasa's `sender_id`."""

    __tablename__ = "conversations"

    id = Column(String(ID_CHARACTERS), primary_key=True)
    channel = Column(String(255))
    language = Column(String(16))
    last_seen = Column(Float, nullable=False)  # the customer's latest message
    last_text = Column(Text)
    last_emotion = Column(JSON)
    last_sender = Column(String(16))
    slots = Column(JSON, nullable=False, default=dict)
    decision = Column(JSON)  # why it is being handed over, until the ticket takes it
    reason = Column(Text)  # the slot `escalation_reason`


class Message(Base):
    """Something that was said; `source` is the event of Rasa's that it was read from."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("sender IN ('customer', 'bot', 'agent', 'system')", name="known_sender"),
        Index("messages_in_order", "conversation_id", "timestamp", "id"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    source = Column(String(SOURCE_CHARACTERS), unique=True)  # none until Rasa has it
    message_id = Column(String(64), unique=True)  # only of what went through the outbox
    sender = Column(String(16), nullable=False)
    agent = Column(String(80))
    text = Column(Text, nullable=False)
    emotion = Column(JSON)
    buttons = Column(JSON)
    timestamp = Column(Float, nullable=False)


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
    created_at = Column(Float, nullable=False)
    sent_at = Column(Float)


class Cursor(Base):
    """How far a stream of events has been read; `mark` recognizes the row it stands on."""

    __tablename__ = "cursors"

    name = Column(String(64), primary_key=True)
    last_id = Column(Integer, nullable=False)
    mark = Column(String(SOURCE_CHARACTERS))


class Agent(Base):
    """Somebody who may sign in."""

    __tablename__ = "agents"

    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False, unique=True)
    display_name = Column(String(80), nullable=False)
    password_hash = Column(String(255), nullable=False)
    must_change_password = Column(Boolean, nullable=False)
    created_at = Column(Float, nullable=False)


class SignIn(Base):
    """A session of an agent's browser; its token itself is stored nowhere."""

    __tablename__ = "sign_ins"

    token_hash = Column(String(64), primary_key=True)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    created_at = Column(Float, nullable=False)
    expires_at = Column(Float, nullable=False, index=True)


class FailedSignIn(Base):
    """Failed attempts for a name in a row, whether an agent of that name exists or not."""

    __tablename__ = "failed_sign_ins"

    name = Column(String(40), primary_key=True)
    failures = Column(Integer, nullable=False)
    last_at = Column(Float, nullable=False)
    locked_until = Column(Float, nullable=False, default=0.0)
