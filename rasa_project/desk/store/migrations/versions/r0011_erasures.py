"""Erased customers: what is known of an erasure, and digests of the ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("stand_in", sa.String(64), primary_key=True),
        sa.Column("begun_at", sa.Float, nullable=False),
        sa.Column("finished_at", sa.Float),
        sa.Column("found", sa.JSON, nullable=False),
    )
    op.create_index("ix_erasures_begun_at", "erasures", ["begun_at"])
    op.create_table(
        "erased_names",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("stand_in", sa.String(64), sa.ForeignKey("erasures.stand_in"), nullable=False),
    )
    op.create_index("ix_erased_names_stand_in", "erased_names", ["stand_in"])
    op.create_table(
        "erasure_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for table in ("erasure_keys", "erased_names", "erasures"):
        op.drop_table(table)
