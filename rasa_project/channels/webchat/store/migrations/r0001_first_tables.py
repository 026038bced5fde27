"""Threads with all that belongs to them: as the tables were before there were migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself in a column of this very type alone.
_ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _conversations()
    _what_is_under_way()
    op.create_table(
        "webchat_files",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sender", sa.String(255), nullable=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("client", sa.String(400), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mime_type", sa.String(128), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("message", sa.String(400)),
        sa.UniqueConstraint("sender", "owner", "client"),
    )
    op.create_index("webchat_files_made", "webchat_files", ["made"])
    op.create_table(
        "webchat_mails",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("thread", sa.String(64), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("asked", sa.Float, nullable=False),
    )
    op.create_index("webchat_mails_state", "webchat_mails", ["state"])


def _conversations() -> None:
    op.create_table(
        "webchat_threads",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("customer", sa.String(255), unique=True),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("delivered", sa.Integer, nullable=False),
        sa.Column("signed_out", sa.Float),
        sa.Column("touched", sa.Float, nullable=False),
    )
    op.create_table(
        "webchat_aliases",
        sa.Column("sender", sa.String(64), primary_key=True),
        sa.Column(
            "thread",
            sa.String(64),
            sa.ForeignKey("webchat_threads.id", ondelete="CASCADE"),
            nullable=False,
        ),
    )
    op.create_table(
        "webchat_messages",
        sa.Column("key", _ROW, primary_key=True),
        sa.Column("thread", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(400), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("turn", sa.Text),
        sa.Column("state", sa.String(8)),
        sa.Column("said", sa.Float, nullable=False),
        sa.UniqueConstraint("thread", "number"),
        sa.UniqueConstraint("thread", "id"),
    )
    op.create_index("webchat_messages_state", "webchat_messages", ["state"])


def _what_is_under_way() -> None:
    op.create_table(
        "webchat_held",
        sa.Column("key", _ROW, primary_key=True),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("id", sa.String(400), nullable=False),
        sa.Column("utterance", sa.String(400), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("since", sa.Float, nullable=False),
    )
    op.create_table(
        "webchat_presence",
        sa.Column("thread", sa.String(64), primary_key=True),
        sa.Column("here", sa.Float, nullable=False, server_default="0"),
        sa.Column("typing", sa.Float, nullable=False, server_default="0"),
        sa.Column("seen", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "webchat_standings",
        sa.Column("thread", sa.String(64), primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_table(
        "webchat_revoked",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("until", sa.Float, nullable=False),
    )


def downgrade() -> None:
    for table in ("revoked", "standings", "presence", "held", "messages", "aliases", "threads",
                  "mails", "files"):  # fmt: skip
        op.drop_table(f"webchat_{table}")
