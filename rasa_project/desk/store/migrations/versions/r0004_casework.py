"""What agents note and correct, the library of answers, and what the bot tried."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from alembic import op

from rasa_project.desk.replies.starter import STARTER

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_EMOTIONS = (
    "'neutral', 'joy', 'gratitude', 'surprise', 'confusion', 'worry', 'disappointment', "
    "'sadness', 'frustration', 'anger'"
)
_OUTCOMES = "'solved', 'advised', 'passed_on', 'not_solved', 'no_answer', 'mistaken'"


def upgrade() -> None:
    _notes()
    _corrections()
    _library()
    op.create_table(
        "bot_steps",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("conversation_id", "conversations.id", sa.String(255)),
        sa.Column("source", sa.String(320), nullable=False, unique=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("timestamp", sa.Float, nullable=False),
        sa.CheckConstraint("kind IN ('intent', 'action')", name="known_step"),
    )
    op.create_index("bot_steps_in_order", "bot_steps", ["conversation_id", "timestamp", "id"])


def downgrade() -> None:
    for table in (
        "bot_steps", "canned_answers", "handoff_verdicts", "emotion_corrections", "outcomes",
        "ticket_tags", "notes",
    ):  # fmt: skip
        op.drop_table(table)


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        _reference("ticket_id", "tickets.id"),
        _reference("agent_id", "agents.id"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_notes_ticket_id", "notes", ["ticket_id"])
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        _reference("agent_id", "agents.id"),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_ticket_tags_name", "ticket_tags", ["name"])
    op.create_table(
        "outcomes",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        _reference("agent_id", "agents.id"),
        sa.Column("at", sa.Float, nullable=False),
        sa.CheckConstraint(f"kind IN ({_OUTCOMES})", name="known_outcome"),
    )


def _corrections() -> None:
    op.create_table(
        "emotion_corrections",
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column("emotion", sa.String(16), nullable=False),
        _reference("agent_id", "agents.id"),
        sa.Column("at", sa.Float, nullable=False),
        sa.CheckConstraint(f"emotion IN ({_EMOTIONS})", name="known_emotion"),
    )
    op.create_table(
        "handoff_verdicts",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("verdict", sa.String(16), nullable=False),
        _reference("agent_id", "agents.id"),
        sa.Column("at", sa.Float, nullable=False),
        sa.CheckConstraint("verdict IN ('right', 'not_needed', 'earlier')", name="known_verdict"),
    )


def _library() -> None:
    library = op.create_table(
        "canned_answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shortcut", sa.String(40), nullable=False, unique=True),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.Column("emotions", sa.JSON, nullable=False),
        sa.Column("intents", sa.JSON, nullable=False),
        sa.Column("changed_at", sa.Float, nullable=False),
        sa.Column("changed_by", sa.Integer, sa.ForeignKey("agents.id")),
    )
    # Once, here: what a supervisor takes out of it does not come back.
    now = time.time()
    op.bulk_insert(library, [{**answer, "changed_at": now} for answer in STARTER])


def _reference(name: str, to: str, kind: Any = sa.Integer) -> sa.Column[Any]:
    return sa.Column(name, kind, sa.ForeignKey(to), nullable=False)
