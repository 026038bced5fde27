"""Files that agents add to an answer; their bytes are kept by the customer's channel."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text

from rasa_project.desk.store.models.base import Base, Column, relationship


class ReplyFile(Base):
    """A file that was brought to the channel, to go with an answer; `id` is the channel's."""

    __tablename__ = "reply_files"
    __table_args__ = (Index("reply_files_of_a_ticket", "ticket_id"),)

    id = Column(String(64), primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False)
    kind = Column(String(16), nullable=False)
    name = Column(Text, nullable=False)
    mime_type = Column(String(128), nullable=False)
    size = Column(BigInteger, nullable=False)  # bytes
    url = Column(Text)  # by which channels fetch it that are none of the server's own
    ticket = relationship("Ticket")
    created_at = Column(Float, nullable=False)
