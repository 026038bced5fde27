"""The queue: forecast, priority, teams, snoozing, timers, and what customers were told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("forecast", sa.Float),
        sa.Column("priority", sa.String(16), nullable=False, server_default="normal"),
        sa.Column("team", sa.String(40)),
        sa.Column("entered_at", sa.Float),
        sa.Column("snoozed_at", sa.Float),
        sa.Column("snoozed_until", sa.Float),
    )


_TABLES = (
    "answer_timers", "absences", "queue_notices", "ticket_links", "ticket_events", "work_profiles",
)  # fmt: skip


def upgrade() -> None:
    for column in _columns():
        op.add_column("tickets", column)
    op.add_column("conversations", sa.Column("intents", sa.JSON))
    _work()
    _told()
    _timers()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("conversations", "intents")
    for column in reversed(_columns()):
        op.drop_column("tickets", column.name)


def _work() -> None:
    op.create_table(
        "work_profiles",
        sa.Column("agent_id", sa.Integer, sa.ForeignKey("agents.id"), primary_key=True),
        sa.Column("teams", sa.JSON, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("max_conversations", sa.Integer),
    )
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Integer, primary_key=True),
        _ticket(nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("key", sa.String(336), nullable=False, unique=True),
    )
    op.create_index("ix_ticket_events_ticket_id", "ticket_events", ["ticket_id"])
    op.create_table(
        "ticket_links",
        _ticket(primary_key=True),
        _ticket("earlier_id", primary_key=True),
    )


def _told() -> None:
    op.create_table(
        "queue_notices",
        _ticket(primary_key=True),
        sa.Column("told_at", sa.Float, nullable=False),
        sa.Column("place", sa.Integer),
        sa.Column("minutes", sa.Integer),
    )
    op.create_table(
        "absences",
        _ticket(primary_key=True),
        sa.Column("told_at", sa.Float, nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("contact", sa.Text),
    )


def _timers() -> None:
    running = sa.text("ended_at IS NULL")
    op.create_table(
        "answer_timers",
        sa.Column("id", sa.Integer, primary_key=True),
        _ticket(nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("warn_at", sa.Float, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.Column("answered", sa.Integer),
        sa.Column("breached_at", sa.Float),
        sa.CheckConstraint("kind IN ('first', 'next')", name="known_timer"),
    )
    op.create_index(
        "one_running_timer", "answer_timers", ["ticket_id"],
        unique=True, sqlite_where=running, postgresql_where=running,
    )  # fmt: skip
    op.create_index("timers_by_ticket", "answer_timers", ["ticket_id", "started_at"])


def _ticket(name: str = "ticket_id", **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("tickets.id"), **options)
