"""Files that customers and agents send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("attachments", sa.JSON))
    op.create_table(
        "reply_files",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mime_type", sa.String(128), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_index("reply_files_of_a_ticket", "reply_files", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("reply_files")
    op.drop_column("messages", "attachments")
