"""How far the streams of events have been read."""

from __future__ import annotations

from sqlalchemy import Integer, String

from rasa_project.desk.store.models.base import SOURCE_CHARACTERS, Base, Column


class Cursor(Base):
    """How far a stream of events has been read; `mark` recognizes the row it stands on."""

    __tablename__ = "cursors"

    name = Column(String(64), primary_key=True)
    last_id = Column(Integer, nullable=False)
    mark = Column(String(SOURCE_CHARACTERS))
