"""Looks into the layer's database."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import func, select

from rasa_project.channels.messaging.database import Database, address
from rasa_project.channels.messaging.tables import Outgoing, Received


def rows(query: Any) -> list[Any]:
    database = Database(address())
    try:
        with database.read() as session:
            return list(session.execute(query).all())
    finally:
        database.close()


def dead() -> list[tuple[str, str]]:
    """What was given up, and why."""
    query = select(Outgoing.part, Outgoing.error).where(Outgoing.state == "dead")
    return [(part["text"], error) for part, error in rows(query.order_by(Outgoing.id))]


async def settled() -> None:
    """Wait until nothing is pending."""
    for _ in range(1_000):
        pending = [
            rows(select(func.count()).select_from(table).where(table.state == "pending"))[0][0]
            for table in (Received, Outgoing)
        ]
        if pending == [0, 0]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("something is still pending")
