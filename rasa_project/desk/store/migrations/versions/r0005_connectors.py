"""Other help desks: where our tickets are there, what they have to hear, what they sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _links()
    _outbox()
    _deliveries()


def downgrade() -> None:
    for table in ("connector_deliveries", "connector_outbox", "connector_links"):
        op.drop_table(table)


def _links() -> None:
    op.create_table(
        "connector_links",
        sa.Column("id", sa.Integer, primary_key=True),
        _ticket(),
        sa.Column("connector", sa.String(40), nullable=False),
        sa.Column("remote_id", sa.String(255)),
        sa.Column("url", sa.Text),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("shown_until", sa.Integer, nullable=False),
        sa.Column("holder", sa.String(80)),
        sa.UniqueConstraint("ticket_id", "connector", name="one_link_a_desk"),
    )
    op.create_index("connector_links_by_remote", "connector_links", ["connector", "remote_id"])


def _outbox() -> None:
    op.create_table(
        "connector_outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        _ticket(),
        sa.Column("connector", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id")),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("next_attempt_at", sa.Float, nullable=False),
        sa.Column("give_up_at", sa.Float, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("sent_at", sa.Float),
        sa.CheckConstraint("state IN ('pending', 'sent', 'dead')", name="known_connector_state"),
    )
    op.create_index(
        "connector_outbox_in_order", "connector_outbox", ["state", "connector", "ticket_id", "id"]
    )


def _deliveries() -> None:
    op.create_table(
        "connector_deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("connector", sa.String(40), nullable=False),
        sa.Column("delivery_id", sa.String(255), nullable=False),
        sa.Column("actions", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.Float, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed')", name="known_delivery_state"),
        sa.UniqueConstraint("connector", "delivery_id", name="one_delivery"),
    )
    op.create_index("connector_deliveries_in_order", "connector_deliveries", ["state", "id"])
    op.create_index("ix_connector_deliveries_received_at", "connector_deliveries", ["received_at"])


def _ticket() -> sa.Column[Any]:
    return sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False)
