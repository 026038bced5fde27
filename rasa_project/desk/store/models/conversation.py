"""What customers and others said."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text

from rasa_project.desk.store.models.base import ID_CHARACTERS, SOURCE_CHARACTERS, Base, Column


class Conversation(Base):
    """A customer's conversation with the bot; `id` is Rasa's `sender_id`."""

    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_by_time", "last_seen"),)

    id = Column(String(ID_CHARACTERS), primary_key=True)
    channel = Column(String(255))
    language = Column(String(16))
    last_seen = Column(Float, nullable=False)  # the customer's latest message
    last_text = Column(Text)
    last_emotion = Column(JSON)
    last_sender = Column(String(16))
    reply_until = Column(Float)  # when the channel stops taking answers to the latest message
    intent = Column(String(255))  # what the bot took the latest message for
    heat = Column(Float)  # of the latest message, see `tickets/priority.py`
    forecast = Column(Float)  # chance that the customer ends dissatisfied, 0 to 1
    slots = Column(JSON, nullable=False, default=dict)
    decision = Column(JSON)  # why it is being handed over, until the ticket takes it
    reason = Column(Text)  # the slot `escalation_reason`
    intents = Column(JSON)  # of the latest turns, the latest first; they say whose work it is


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
    attachments = Column(JSON)  # the files that came with it, see `rasa_project/attachments.py`
    timestamp = Column(Float, nullable=False)
