"""The queues: as the tables were before there were migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATES = "state IN ('pending', 'done', 'dead')"


def upgrade() -> None:
    op.create_table(
        "channel_received",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("delivery_id", sa.String(200), nullable=False),
        sa.Column("turn", sa.JSON),
        sa.Column("place", sa.Float, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("next_attempt_at", sa.Float, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.CheckConstraint(_STATES, name="known_received_state"),
        sa.UniqueConstraint("channel", "delivery_id", name="received_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channel_received_ended_at", "channel_received", ["ended_at"])
    op.create_index(
        "channel_received_in_order",
        "channel_received",
        ["state", "channel", "customer", "place", "id"],
    )
    op.create_table(
        "channel_outgoing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("utterance", sa.String(255), nullable=False),
        sa.Column("piece", sa.Integer, nullable=False),
        sa.Column("part", sa.JSON),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("next_attempt_at", sa.Float, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("remote_id", sa.String(255)),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.CheckConstraint(_STATES, name="known_outgoing_state"),
        sa.UniqueConstraint("channel", "customer", "utterance", "piece", name="said_once"),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("ix_channel_outgoing_ended_at", ["ended_at"]),
        ("channel_outgoing_in_order", ["state", "channel", "customer", "id"]),
        ("channel_outgoing_by_remote", ["channel", "remote_id"]),
        ("channel_outgoing_by_customer", ["channel", "customer", "id"]),
    ):
        op.create_index(name, "channel_outgoing", columns)
    op.create_table(
        "channel_customers",
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("customer", sa.String(200), primary_key=True),
        sa.Column("heard_at", sa.Float),
        sa.Column("route", sa.JSON, nullable=False),
        sa.Column("reading", sa.String(255)),
        sa.Column("sending", sa.String(255)),
        sa.Column("paced_until", sa.Float, nullable=False),
    )
    op.create_table(
        "channel_workers",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("alive_until", sa.Float, nullable=False),
    )


def downgrade() -> None:
    for table in ("workers", "customers", "outgoing", "received"):
        op.drop_table(f"channel_{table}")
