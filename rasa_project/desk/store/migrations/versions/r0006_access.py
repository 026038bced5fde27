"""Access: disabled people, services, tokens, sessions that can be listed, and the audit log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFUSED = "The audit log can only be added to."
_NOW = "(julianday('now') - 2440587.5) * 86400.0"


def upgrade() -> None:
    _people()
    _sessions()
    _tokens()
    _audit()


def downgrade() -> None:
    for table in (
        "audit_entries", "openid_attempts", "api_tokens", "known_browsers", "sign_in_failures",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_kept()")
    for column in ("browser", "address", "last_seen_at"):
        op.drop_column("sign_ins", column)
    for column in ("openid_subject", "email"):
        op.drop_index(f"ix_agents_{column}", "agents")
    for column in ("openid_subject", "email", "disabled_at", "service"):
        op.drop_column("agents", column)
    op.create_table(
        "failed_sign_ins", sa.Column("name", sa.String(40), primary_key=True), *_count()
    )


def _people() -> None:
    op.add_column(
        "agents", sa.Column("service", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("agents", sa.Column("disabled_at", sa.Float))
    op.add_column("agents", sa.Column("email", sa.String(254)))
    op.add_column("agents", sa.Column("openid_subject", sa.String(512)))
    for column in ("email", "openid_subject"):
        op.create_index(f"ix_agents_{column}", "agents", [column], unique=True)


def _sessions() -> None:
    op.add_column(
        "sign_ins", sa.Column("last_seen_at", sa.Float, nullable=False, server_default="0")
    )
    for column, length in (("address", 64), ("browser", 200)):
        kind = sa.String(length)
        op.add_column("sign_ins", sa.Column(column, kind, nullable=False, server_default=""))
    op.execute("UPDATE sign_ins SET last_seen_at = created_at")
    op.drop_table("failed_sign_ins")
    op.create_table(
        "sign_in_failures", sa.Column("key", sa.String(200), primary_key=True), *_count()
    )
    op.create_index("ix_sign_in_failures_last_at", "sign_in_failures", ["last_at"])
    op.create_table(
        "known_browsers",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _agent(nullable=False),
        sa.Column("last_at", sa.Float, nullable=False),
    )
    for column in ("agent_id", "last_at"):
        op.create_index(f"ix_known_browsers_{column}", "known_browsers", [column])


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        _agent(nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("last_used_at", sa.Float),
        sa.Column("revoked_at", sa.Float),
    )
    op.create_index("ix_api_tokens_agent_id", "api_tokens", ["agent_id"])
    op.create_table(
        "openid_attempts",
        sa.Column("state_hash", sa.String(64), primary_key=True),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_index("ix_openid_attempts_created_at", "openid_attempts", ["created_at"])


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        _agent(nullable=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("via", sa.String(100), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id")),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
    )
    for column in ("at", "agent_id"):
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", [column])
    op.create_index("audit_by_ticket", "audit_entries", ["ticket_id", "action"])
    for statement in _KEPT[op.get_bind().dialect.name]:
        op.execute(statement)


def _count() -> list[sa.Column[Any]]:
    return [
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", sa.Float, nullable=False),
        sa.Column("locked_until", sa.Float, nullable=False),
    ]


def _agent(nullable: bool) -> sa.Column[Any]:
    return sa.Column("agent_id", sa.Integer, sa.ForeignKey("agents.id"), nullable=nullable)


# Entries are never changed, and only those older than a day, by the retention, go.
_KEPT = {
    "sqlite": [
        "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit_entries "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        f"CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit_entries "
        f"WHEN OLD.at > {_NOW} - 86400.0 BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND OLD.at <= extract(epoch from now()) - 86400.0 THEN "
        f"RETURN OLD; END IF; RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_kept()",
    ],
}
