"""What customers answered when they were asked how it was."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, String, Text

from rasa_project.desk.store.models.base import Base, Column, relationship


class Survey(Base):
    """One question after one ticket; `step` is what the desk said of it last."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint(
            "step IN ('asked', 'rated', 'commenting', 'done')", name="known_survey_step"
        ),
        CheckConstraint("rating BETWEEN 1 AND 5", name="known_rating"),
        Index("surveys_of_a_conversation", "conversation_id", "asked_at"),
    )

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("tickets.id"), nullable=False, unique=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    language = Column(String(16))
    step = Column(String(16), nullable=False)
    message_id = Column(String(64), nullable=False)  # of what the desk said of it last
    asked_at = Column(Float, nullable=False)
    rating = Column(Integer)  # 1 very bad, 5 very good
    rated_at = Column(Float)  # first; for a day from then on it may change
    comment = Column(Text)

    ticket = relationship("Ticket", lazy="joined", innerjoin=True)
