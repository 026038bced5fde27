"""Who saw and did what."""

from __future__ import annotations

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String

from rasa_project.desk.store.models.base import Base, Column


class AuditEntry(Base):
    """One thing that somebody saw or did; triggers keep entries from being changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("audit_by_ticket", "ticket_id", "action"),)

    id = Column(Integer, primary_key=True)
    at = Column(Float, nullable=False, index=True)
    agent_id = Column(ForeignKey("agents.id"), index=True)  # none for the command line
    actor = Column(String(80), nullable=False)
    via = Column(String(100), nullable=False)  # browser, token NAME, command line, OpenID
    action = Column(String(64), nullable=False)
    ticket_id = Column(ForeignKey("tickets.id"))
    details = Column(JSON, nullable=False, default=dict)
    address = Column(String(64), nullable=False, default="")
