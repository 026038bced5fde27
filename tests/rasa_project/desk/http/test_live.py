"""What the open pages are told, and in which order."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import update

from rasa_project.desk.http.live import Live
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Ticket
from rasa_project.desk.tickets import views
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rows import add_agent, add_ticket


class SlowRead:
    """Reads what changed as ever, but holds what the first reading found until it is let go."""

    def __init__(self) -> None:
        self.has_read = threading.Event()
        self.go_on = threading.Event()
        self._read = views.changed

    def __call__(self, session: Any, changes: Changes) -> Any:
        found = self._read(session, changes)
        if not self.has_read.is_set():
            self.has_read.set()
            assert self.go_on.wait(60)
        return found


async def test_a_page_is_never_told_an_older_state_after_a_newer_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = add_ticket(store)
    live = Live(store, Sessions(store, AccessPolicy()))
    live._pages["page"] = add_agent(store, "li")
    told: list[str] = []

    async def emit(_event: str, tickets: list[dict[str, Any]], room: str) -> None:
        told.extend(one["team"] for one in tickets)

    monkeypatch.setattr(live.sio, "emit", emit)
    slow = SlowRead()
    monkeypatch.setattr(views, "changed", slow)
    first = asyncio.create_task(live.publish(Changes(tickets={ticket})))
    await asyncio.to_thread(slow.has_read.wait, 60)
    with store.write() as session:
        session.execute(update(Ticket).values(team="billing"))
    second = asyncio.create_task(live.publish(Changes(tickets={ticket})))
    await asyncio.wait([second], timeout=0.2)
    slow.go_on.set()
    await asyncio.gather(first, second)
    assert told == [None, "billing"]
