"""Which conversations were erased, so that what comes late is not kept again."""

from __future__ import annotations

from sqlalchemy import JSON, Float, ForeignKey, Integer, String

from rasa_project.desk.store.models.base import Base, Column

STAND_IN_CHARACTERS = 64


class Erasure(Base):
    """One customer's erasure; `stand_in` is random and stands where their id stood."""

    __tablename__ = "erasures"

    stand_in = Column(String(STAND_IN_CHARACTERS), primary_key=True)
    begun_at = Column(Float, nullable=False, index=True)
    finished_at = Column(Float)  # none: it was stopped midway, and is to be run again
    found = Column(JSON, nullable=False)  # rows by store, as they were before the first deletion


class ErasedName(Base):
    """A conversation's or customer's id, known again by its keyed digest alone."""

    __tablename__ = "erased_names"

    digest = Column(String(64), primary_key=True)  # HMAC-SHA256 in hex
    stand_in = Column(ForeignKey("erasures.stand_in"), nullable=False, index=True)


class ErasureKey(Base):
    """The key of the digests, made with the first and deleted with the last of them."""

    __tablename__ = "erasure_keys"

    id = Column(Integer, primary_key=True)
    key = Column(String(64), nullable=False)
