"""Files that customers send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_files",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("source", sa.JSON),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.Float, nullable=False),
        sa.Column("worker", sa.String(255)),
        sa.Column("error", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("mime_type", sa.String(128)),
        sa.Column("size", sa.BigInteger),
        sa.Column("noted_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.CheckConstraint("state IN ('pending', 'done', 'dead')", name="known_file_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("channel_files_in_order", "channel_files", ["state", "channel", "number"])
    op.create_index(
        "channel_files_of_a_customer", "channel_files", ["channel", "customer", "ended_at"]
    )


def downgrade() -> None:
    op.drop_table("channel_files")
