"""Figures for supervisors, worked out for the tickets that are there already."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FIRST_ANSWERS = """
UPDATE ticket_figures SET waited = (
  SELECT CAST(MIN(m.timestamp - t.opened_at) AS INTEGER) FROM tickets t JOIN messages m
  ON m.conversation_id = t.conversation_id AND m.sender = 'agent'
  AND m.timestamp >= t.opened_at AND (t.closed_at IS NULL OR m.timestamp <= t.closed_at)
  WHERE t.id = ticket_figures.ticket_id)
"""
_REOPENED = """
UPDATE ticket_figures SET reopened_at = (
  SELECT MIN(later.opened_at) FROM ticket_figures later
  WHERE later.conversation_id = ticket_figures.conversation_id
  AND later.ticket_id > ticket_figures.ticket_id
  AND later.opened_at <= ticket_figures.closed_at + 259200)
WHERE state IN ('resolved', 'bot')
"""


def upgrade() -> None:
    for column in (
        sa.Column("intent", sa.String(255)),
        sa.Column("heat", sa.Float),
        sa.Column("forecast", sa.Float),
    ):
        op.add_column("conversations", column)
    op.create_index("conversations_by_time", "conversations", ["last_seen"])
    op.create_index("tickets_of_a_conversation", "tickets", ["conversation_id", "state"])
    figures, reasons = _tables()
    _fill(figures, reasons)


def downgrade() -> None:
    op.drop_table("ticket_reasons")
    op.drop_table("ticket_figures")
    op.drop_index("tickets_of_a_conversation", "tickets")
    op.drop_index("conversations_by_time", "conversations")
    for name in ("forecast", "heat", "intent"):
        op.drop_column("conversations", name)


def _tables() -> tuple[Any, Any]:
    ticket = sa.ForeignKey("tickets.id")
    figures = op.create_table(
        "ticket_figures",
        sa.Column("ticket_id", sa.Integer, ticket, primary_key=True),
        sa.Column(
            "conversation_id", sa.String(255), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("opened_at", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(255)),
        sa.Column("language", sa.String(16)),
        sa.Column("intent", sa.String(255)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("waited", sa.Integer),
        sa.Column("handled", sa.Integer),
        sa.Column("closed_at", sa.Integer),
        sa.Column("reopened_at", sa.Integer),
        sa.Column("arrival_emotion", sa.String(40)),
        sa.Column("arrival_valence", sa.Float),
        sa.Column("end_emotion", sa.String(40)),
        sa.Column("end_valence", sa.Float),
        sa.Column("rating", sa.Integer),
    )
    op.create_index("figures_by_time", "ticket_figures", ["opened_at"])
    op.create_index("figures_by_conversation", "ticket_figures", ["conversation_id", "ticket_id"])
    reasons = op.create_table(
        "ticket_reasons",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("signal", sa.String(40), primary_key=True),
    )
    return figures, reasons


def _fill(figures: Any, reasons: Any) -> None:
    """Count the past as well; how customers felt when it began was not kept."""
    connection = op.get_bind()
    tickets = sa.table(
        "tickets", *map(sa.column, ("id", "conversation_id", "state", "opened_at", "claimed_at")),
        sa.column("closed_at"), sa.column("reasons", sa.JSON),
    )  # fmt: skip
    conversations = sa.table("conversations", *map(sa.column, ("id", "channel", "language")))
    query = sa.select(tickets, conversations.c.channel, conversations.c.language).join(
        conversations, conversations.c.id == tickets.c.conversation_id
    )
    for row in connection.execute(query).mappings().all():
        connection.execute(figures.insert().values(**_figures(row)))
        named = {entry.get("signal") for entry in row["reasons"] or []} - {None, ""}
        for signal in sorted(map(str, named)):
            values = {"ticket_id": row["id"], "signal": signal[:40]}
            connection.execute(reasons.insert().values(**values))
    connection.execute(sa.text(_FIRST_ANSWERS))
    connection.execute(sa.text(_REOPENED))


def _figures(row: Any) -> dict[str, Any]:
    closed, claimed = row["closed_at"], row["claimed_at"]
    both = closed is not None and claimed is not None
    return {
        "ticket_id": row["id"],
        "conversation_id": row["conversation_id"],
        "opened_at": int(row["opened_at"]),
        "channel": row["channel"],
        "language": row["language"],
        "state": row["state"],
        "closed_at": None if closed is None else int(closed),
        "handled": max(0, round(closed - claimed)) if both else None,
    }
