"""The first tables: conversations, tickets, outbox, people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('queued', 'agent')")


def upgrade() -> None:
    _people()
    _conversations()
    _tickets()
    _outbox()
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("last_id", sa.Integer, nullable=False),
        sa.Column("mark", sa.String(320)),
    )


def downgrade() -> None:
    for table in (
        "cursors", "outbox", "transitions", "tickets", "messages", "conversations",
        "failed_sign_ins", "sign_ins", "agents",
    ):  # fmt: skip
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(40), nullable=False, unique=True),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("agent_id", sa.Integer, sa.ForeignKey("agents.id"), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
    )
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])
    op.create_table(
        "failed_sign_ins",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", sa.Float, nullable=False),
        sa.Column("locked_until", sa.Float, nullable=False),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("channel", sa.String(255)),
        sa.Column("language", sa.String(16)),
        sa.Column("last_seen", sa.Float, nullable=False),
        sa.Column("last_text", sa.Text),
        sa.Column("last_emotion", sa.JSON),
        sa.Column("last_sender", sa.String(16)),
        sa.Column("slots", sa.JSON, nullable=False),
        sa.Column("decision", sa.JSON),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        _conversation(),
        sa.Column("source", sa.String(320), unique=True),
        sa.Column("message_id", sa.String(64), unique=True),
        sa.Column("sender", sa.String(16), nullable=False),
        sa.Column("agent", sa.String(80)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("emotion", sa.JSON),
        sa.Column("buttons", sa.JSON),
        sa.Column("timestamp", sa.Float, nullable=False),
        sa.CheckConstraint("sender IN ('customer', 'bot', 'agent', 'system')", name="known_sender"),
    )
    op.create_index("messages_in_order", "messages", ["conversation_id", "timestamp", "id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer, primary_key=True),
        _conversation(),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("heat", sa.Float, nullable=False),
        sa.Column("evidence", sa.Float, nullable=False),
        sa.Column("sort_key", sa.Float, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("opened_at", sa.Float, nullable=False),
        sa.Column("claimed_at", sa.Float),
        sa.Column("closed_at", sa.Float),
        sa.Column("agent_id", sa.Integer, sa.ForeignKey("agents.id")),
        sa.CheckConstraint(
            "state IN ('bot', 'queued', 'agent', 'resolved', 'abandoned')", name="known_state"
        ),
    )
    op.create_index(
        "one_open_ticket", "tickets", ["conversation_id"],
        unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip
    op.create_index("tickets_by_urgency", "tickets", ["state", "sort_key"])
    op.create_table(
        "transitions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("from_state", sa.String(16), nullable=False),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("key", sa.String(336), nullable=False, unique=True),
    )
    op.create_index("ix_transitions_ticket_id", "transitions", ["ticket_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        _conversation(),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False, unique=True),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("next_attempt_at", sa.Float, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("sent_at", sa.Float),
        sa.CheckConstraint("state IN ('pending', 'sent', 'dead')", name="known_outbox_state"),
    )
    op.create_index("outbox_in_order", "outbox", ["state", "conversation_id", "id"])


def _conversation() -> sa.Column[Any]:
    return sa.Column(
        "conversation_id", sa.String(255), sa.ForeignKey("conversations.id"), nullable=False
    )
