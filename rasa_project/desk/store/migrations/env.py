"""Runs the migrations on the connection that the desk gives; see `Store.migrate`."""

from __future__ import annotations

from alembic import context

from rasa_project.desk.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite can, since transactions here begin by themselves
)
with context.begin_transaction():
    context.run_migrations()
