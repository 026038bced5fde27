"""The desk's library of answers."""

from __future__ import annotations

from sqlalchemy import JSON, Float, ForeignKey, Integer, String

from rasa_project.desk.store.models.base import Base, Column


class CannedAnswer(Base):
    """An answer that agents insert and edit; `texts` maps a language to it, with `{variables}`."""

    __tablename__ = "canned_answers"

    id = Column(Integer, primary_key=True)
    shortcut = Column(String(40), nullable=False, unique=True)
    texts = Column(JSON, nullable=False)
    emotions = Column(JSON, nullable=False)  # it fits customers who feel so; none: everybody
    intents = Column(JSON, nullable=False)  # what the bot took such customers to want
    changed_at = Column(Float, nullable=False)
    changed_by = Column(ForeignKey("agents.id"))  # none: came with the desk
