"""What customers answer when they are asked how it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False, unique=True
        ),
        sa.Column(
            "conversation_id", sa.String(255), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("language", sa.String(16)),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("rating", sa.Integer),
        sa.Column("rated_at", sa.Float),
        sa.Column("comment", sa.Text),
        sa.CheckConstraint(
            "step IN ('asked', 'rated', 'commenting', 'done')", name="known_survey_step"
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="known_rating"),
    )
    op.create_index("surveys_of_a_conversation", "surveys", ["conversation_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("surveys")
