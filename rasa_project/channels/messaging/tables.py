"""The layer's tables. Times are seconds since 1970 in UTC."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    orm,
)

from rasa_project.channels.messaging.turn import ID_CHARACTERS

Base: Any = orm.declarative_base()
# SQLAlchemy 1.4 has no type for an attribute that is a column on the class and a value elsewhere.
Column: Any = sqlalchemy.Column

CHANNEL_CHARACTERS: Final = 40
KEY_CHARACTERS: Final = 255
FILE_ID_CHARACTERS: Final = 64
_STATES: Final = "state IN ('pending', 'done', 'dead')"


class Received(Base):
    """Something that a customer did, kept before the provider is answered."""

    __tablename__ = "channel_received"
    __table_args__ = (
        CheckConstraint(_STATES, name="known_received_state"),
        UniqueConstraint("channel", "delivery_id", name="received_once"),
        Index("channel_received_in_order", "state", "channel", "customer", "place", "id"),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    channel = Column(String(CHANNEL_CHARACTERS), nullable=False)
    customer = Column(String(ID_CHARACTERS), nullable=False)
    delivery_id = Column(String(ID_CHARACTERS), nullable=False)
    turn = Column(JSON)  # emptied once Rasa has it
    place = Column(Float, nullable=False)  # `Turn.order`, else when it came
    state = Column(String(8), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    uncertain = Column(Boolean, nullable=False, default=False)  # Rasa may have it already
    next_attempt_at = Column(Float, nullable=False)
    error = Column(Text)
    received_at = Column(Float, nullable=False)
    ended_at = Column(Float, index=True)


class Outgoing(Base):
    """One part for a customer; those of a customer go out in order."""

    __tablename__ = "channel_outgoing"
    __table_args__ = (
        CheckConstraint(_STATES, name="known_outgoing_state"),
        UniqueConstraint("channel", "customer", "utterance", "piece", name="said_once"),
        Index("channel_outgoing_in_order", "state", "channel", "customer", "id"),
        Index("channel_outgoing_by_remote", "channel", "remote_id"),
        Index("channel_outgoing_by_customer", "channel", "customer", "id"),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    channel = Column(String(CHANNEL_CHARACTERS), nullable=False)
    customer = Column(String(ID_CHARACTERS), nullable=False)
    utterance = Column(String(KEY_CHARACTERS), nullable=False)  # names what was said for ever
    piece = Column(Integer, nullable=False)
    part = Column(JSON)  # emptied once it is sent, but for the buttons
    state = Column(String(8), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    uncertain = Column(Boolean, nullable=False, default=False)  # the provider may have it already
    next_attempt_at = Column(Float, nullable=False)
    error = Column(Text)
    remote_id = Column(String(KEY_CHARACTERS))
    created_at = Column(Float, nullable=False)
    ended_at = Column(Float, index=True)


class Customer(Base):
    """Somebody on a channel, and which server process works on what they said and on answers."""

    __tablename__ = "channel_customers"

    channel = Column(String(CHANNEL_CHARACTERS), primary_key=True)
    customer = Column(String(ID_CHARACTERS), primary_key=True)
    heard_at = Column(Float)  # their latest message
    route = Column(JSON, nullable=False, default=dict)
    reading = Column(String(KEY_CHARACTERS))  # the process that answers a turn of theirs
    sending = Column(String(KEY_CHARACTERS))  # the process that sends them something
    paced_until = Column(Float, nullable=False, default=0.0)  # see `Outbox.sent`


class Worker(Base):
    """A server process that works on the queues as long as it says so."""

    __tablename__ = "channel_workers"

    id = Column(String(KEY_CHARACTERS), primary_key=True)
    alive_until = Column(Float, nullable=False)


class File(Base):
    """A file that a customer sent: noted before Rasa hears of it, then fetched and kept."""

    __tablename__ = "channel_files"
    __table_args__ = (
        CheckConstraint(_STATES, name="known_file_state"),
        Index("channel_files_in_order", "state", "channel", "number"),
        Index("channel_files_of_a_customer", "channel", "customer", "ended_at"),
        {"sqlite_autoincrement": True},
    )

    number = Column(Integer, primary_key=True)
    id = Column(String(FILE_ID_CHARACTERS), nullable=False, unique=True)  # in the folder of files
    channel = Column(String(CHANNEL_CHARACTERS), nullable=False)
    customer = Column(String(ID_CHARACTERS), nullable=False)
    source = Column(JSON)  # what fetching it takes; emptied once it is here
    state = Column(String(8), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    next_attempt_at = Column(Float, nullable=False)
    worker = Column(String(KEY_CHARACTERS))  # the process that fetches it
    error = Column(Text)  # why not yet, or why never
    name = Column(Text)
    mime_type = Column(String(128))
    size = Column(BigInteger)  # bytes
    noted_at = Column(Float, nullable=False)
    ended_at = Column(Float)
