"""Where agents know better than the emotion model and the escalation policy."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, String

from rasa_project.desk.corrections import verdicts
from rasa_project.desk.store.models.base import Base, Column, relationship


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class EmotionCorrection(Base):
    """What a customer felt in a message, as an agent read it."""

    __tablename__ = "emotion_corrections"
    __table_args__ = (CheckConstraint(_one_of("emotion", verdicts.EMOTIONS), name="known_emotion"),)

    message_id = Column(ForeignKey("messages.id"), primary_key=True)
    emotion = Column(String(16), nullable=False)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    at = Column(Float, nullable=False)

    agent = relationship("Agent", lazy="joined", innerjoin=True)
    message = relationship("Message", lazy="joined", innerjoin=True)


class HandoffVerdict(Base):
    """Whether a ticket came to the desk rightly, as an agent saw it."""

    __tablename__ = "handoff_verdicts"
    __table_args__ = (CheckConstraint(_one_of("verdict", verdicts.VERDICTS), name="known_verdict"),)

    ticket_id = Column(ForeignKey("tickets.id"), primary_key=True)
    verdict = Column(String(16), nullable=False)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    at = Column(Float, nullable=False)

    agent = relationship("Agent", lazy="joined", innerjoin=True)
    ticket = relationship("Ticket", lazy="joined", innerjoin=True)
