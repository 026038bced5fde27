"""Roles: whoever could sign in before ran the desk, and goes on doing so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("role", sa.String(16), nullable=False, server_default="admin")
    op.add_column("agents", column)


def downgrade() -> None:
    op.drop_column("agents", "role")
