"""Whether conversations and locks are kept where every process that needs them finds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_project.guest.findings import NOWHERE, Finding, Place
from rasa_project.guest.project import Project
from rasa_project.guest.workers import asked_workers

_SQLITE = "`tracker_store:` with `type: SQL`, `dialect: sqlite` and `db: tracker.db`"


def check(project: Project) -> Iterator[Finding]:
    """Check tracker store, lock store and event broker of endpoints.yml."""
    workers, asked_at = asked_workers(project.folder)
    kind = _kind(_section(project, "tracker_store"))
    if kind in ("", "in_memory"):
        yield from _forgetful(project, workers, asked_at)
    elif project.hands_over:
        yield from _desk(project, kind)
    if workers > 1 and _kind(_section(project, "lock_store")) in ("", "in_memory"):
        yield Finding(
            "warning",
            "lock-in-memory",
            f"{asked_at} asks for {workers} workers, but the locks are kept in memory: Rasa "
            "quietly starts one worker.",
            "Set `lock_store:` with `type: redis` and its `url` in endpoints.yml.",
            _at(project, "lock_store"),
        )
    if _kind(_section(project, "event_broker")) == "sql":
        yield Finding(
            "note",
            "broker-sql",
            "The SQL event broker commits every event by itself inside the server's event loop: "
            "each customer waits for every other's.",
            "Use RabbitMQ (`type: pika`) or Kafka. Attune's desk reads the tracker store and needs "
            "no broker.",
            _at(project, "event_broker"),
        )


def _forgetful(project: Project, workers: int, asked_at: Place) -> Iterator[Finding]:
    at = _at(project, "tracker_store")
    if workers > 1:
        yield Finding(
            "error",
            "tracker-in-memory",
            f"{asked_at} asks for {workers} workers, and conversations are kept in memory: each "
            "worker would know only a part of a customer's conversation.",
            "Set a `tracker_store:` in endpoints.yml that all workers reach: SQL on PostgreSQL, "
            "Redis or Mongo.",
            at,
        )
    elif project.hands_over:
        yield Finding(
            "warning",
            "tracker-in-memory",
            "Conversations are kept in memory: a restart forgets who is with a human, and Attune's "
            "desk, another process, cannot read them.",
            f"Set {_SQLITE} in endpoints.yml.",
            at,
        )


def _desk(project: Project, kind: str) -> Iterator[Finding]:
    """Find a tracker store that the desk cannot follow."""
    store = _section(project, "tracker_store")
    dialect = str(store.get("dialect", "sqlite"))
    if "${" in kind + dialect or (kind == "sql" and dialect == "sqlite"):
        return
    why = (
        f"on {dialect} event ids are not in the order of commits, so a reader behind a cursor can "
        "skip some"
        if kind == "sql"
        else f"a tracker store of type {store.get('type')} is not one that it can follow"
    )
    yield Finding(
        "note",
        "desk-store",
        f"Attune's desk does not start on this tracker store: {why}.",
        f"Nothing, if another desk takes your handoffs. Else set {_SQLITE}.",
        _at(project, "tracker_store"),
    )


def _section(project: Project, name: str) -> Mapping[str, Any]:
    return project.endpoints.section(name) if project.endpoints else {}


def _kind(section: Mapping[str, Any]) -> str:
    return str(section.get("type") or "").lower()


def _at(project: Project, section: str) -> Place:
    return project.endpoints.at(section) if project.endpoints else NOWHERE
