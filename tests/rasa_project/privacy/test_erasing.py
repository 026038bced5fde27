"""A customer is forgotten in every store by one command, and nobody else is."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from rasa_project import attune
from rasa_project.desk.floor.risk import WATCHED
from rasa_project.desk.inbound.broker_events import take_batch
from rasa_project.desk.store.models import AuditEntry, Message, Ticket, TicketFigures
from tests.rasa_project.desk.inbound.test_broker_events import published
from tests.rasa_project.desk.rasa_like import handoff, user
from tests.rasa_project.privacy.people import (
    HE,
    HER_SHOP_ID,
    HER_WORDS,
    HIS_SHOP_ID,
    HIS_WORDS,
    SHE,
    Project,
)

HER_SIGNS = (HER_WORDS, HER_SHOP_ID, SHE.partition(":")[2])
HIS_SIGNS = (HIS_WORDS, HIS_SHOP_ID, HE.partition(":")[2])
Printed = pytest.CaptureFixture[str]


async def erase(project: Project, *words: str) -> int:
    # In a thread, because the command has an event loop of its own.
    return await asyncio.to_thread(attune.main, ["erase", *words, "--project", str(project.folder)])


def texts(project: Project) -> list[str]:
    store = project.desk()
    with store.read() as session:
        found = list(session.scalars(select(Message.text).order_by(Message.id)))
    store.close()
    return found


async def test_no_row_and_no_file_tells_of_the_customer_any_more(
    project: Project, capsys: Printed
) -> None:
    before, his = project.rows_with(*HER_SIGNS), project.rows_with(*HIS_SIGNS)
    assert len(before) >= 30
    assert await erase(project, SHE, "--yes") == 1  # another help desk has the ticket, too
    out, err = capsys.readouterr()
    assert "Rasa's tracker store  events" in out
    assert "zendesk has it as z-1: delete it there, too." in err
    # What an erasure leaves in the web chat ends the sessions of browsers that are still open.
    ended = [row for row in project.rows_with(*HER_SIGNS) if "webchat_threads" not in row]
    assert ended == []
    assert project.rows_with(HER_WORDS, HER_SHOP_ID) == []
    assert project.rows_with(*HIS_SIGNS) == his
    left = {path.name for path in project.vault.folder.glob("??/*")}
    assert left == {f"{sign}{HE.partition(':')[2]}" for sign in "fc"}
    assert await erase(project, SHE, "--yes") == 1
    assert f"no conversation '{SHE}'" in capsys.readouterr().err


async def test_figures_and_the_audit_log_stay_without_the_person(
    project: Project, capsys: Printed
) -> None:
    await erase(project, HER_SHOP_ID, "--yes")
    store = project.desk()
    with store.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        figures = session.scalars(select(TicketFigures).order_by(TicketFigures.ticket_id)).all()
        tickets = session.scalar(select(func.count()).select_from(Ticket))
    store.close()
    assert (tickets, [row.state for row in figures]) == (2, ["resolved", "resolved"])
    assert [row.arrival_emotion for row in figures] == ["anger", "anger"]
    stand_in = figures[0].conversation_id
    assert stand_in.startswith("erased-")
    watched = [entry.details["conversation"] for entry in entries if entry.action == WATCHED]
    assert watched == [stand_in, HE]
    noted = [entry.ticket_id for entry in entries if entry.action == "note_written"]
    assert noted == [1, 2]
    done = entries[-1]
    assert (done.action, done.via) == ("customer_erased", "command line")
    counts = {key: value for key, value in done.details.items() if key not in ("rows", "stand_in")}
    assert done.details["stand_in"] == stand_in
    assert done.details["rows"] == sum(counts.values()) == 38
    assert counts == {
        "rasa_tracker_store": 5, "messaging_channels": 4, "desk": 24, "web_chat": 5,
    }  # fmt: skip


async def test_the_log_can_still_only_be_added_to(project: Project) -> None:
    await erase(project, SHE, "--yes")
    store = project.desk()
    with pytest.raises(Exception, match="can only be added to"), store.write() as session:
        session.query(AuditEntry).first().actor = "somebody else"
    store.close()


async def test_what_comes_late_is_dropped_and_a_new_conversation_is_not(project: Project) -> None:
    await erase(project, SHE, "--yes")
    store = project.desk()
    take_batch(store, published(SHE, user(HER_WORDS, message_id="late"), *handoff(), at=1_000.0))
    assert HER_WORDS not in texts(project)
    await project.say(SHE, user("Hello again"))
    project.read(store)
    store.close()
    assert texts(project)[-1] == "Hello again"
    assert project.rows_with(HER_WORDS) == []


async def test_the_desk_reads_on_where_the_row_it_stood_on_is_gone(
    files: Project, caplog: Any
) -> None:
    await files.say(SHE, user("My last word"))
    store = files.desk()
    files.read(store)
    await erase(files, SHE, "--yes")
    await files.say(HE, user("And mine"))
    caplog.clear()
    files.read(store)
    store.close()
    assert texts(files)[-1] == "And mine"
    assert texts(files).count(HIS_WORDS) == 1
    assert "from the start" not in caplog.text


async def test_the_bytes_of_the_words_are_gone_from_the_files(files: Project) -> None:
    assert len(files.bytes_with(HER_WORDS)) >= 4
    await erase(files, SHE, "--yes")
    assert files.bytes_with(HER_WORDS) == []
    assert len(files.bytes_with(HIS_WORDS)) >= 4


async def test_an_open_conversation_is_refused_unless_that_is_meant(
    project: Project, capsys: Printed
) -> None:
    await project.say(SHE, user("Once more"), *handoff())
    store = project.desk()
    project.read(store)
    store.close()
    before = project.rows_with(*HER_SIGNS)
    assert await erase(project, SHE, "--yes") == 1
    assert "is open at the desk (ticket #3)" in capsys.readouterr().err
    assert project.rows_with(*HER_SIGNS) == before
    await erase(project, SHE, "--yes", "--open")
    store = project.desk()
    with store.read() as session:
        open_ones = session.scalars(select(Ticket.state).where(Ticket.closed_at.is_(None))).all()
    store.close()
    assert open_ones == []
    assert project.rows_with(HER_WORDS, HER_SHOP_ID) == []


async def test_nothing_is_erased_that_nobody_said_yes_to(
    files: Project, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    before = files.rows_with(*HER_SIGNS)
    for words in ((SHE,), (SHE, "--json"), (SHE, "--dry-run")):
        await erase(files, *words)
    err = capsys.readouterr().err
    assert "Nothing was erased. Give --yes where nobody can be asked." in err
    assert "Nothing was erased. Give --yes with --json" in err
    assert files.rows_with(*HER_SIGNS) == before


async def test_a_store_out_of_reach_is_named_with_what_to_do(
    files: Project, capsys: Printed
) -> None:
    (files.folder / "endpoints.yml").write_text(
        "tracker_store:\n  type: redis\n  url: localhost\nevent_broker:\n  type: file\n"
    )
    assert await erase(files, SHE, "--yes") == 1
    err = capsys.readouterr().err
    assert f"redis-cli DEL 'tracker:{SHE}'" in err
    assert f"Take the lines with {SHE} out of rasa_event.log." in err
    assert [row for row in files.rows_with(HER_WORDS) if not row.startswith("tracker.")] == []


async def test_all_that_is_kept_can_be_handed_to_the_customer(
    project: Project, capsys: Printed
) -> None:
    out = project.folder / "her.json"
    words = ["export-customer", SHE, "--out", str(out), "--project", str(project.folder)]
    assert await asyncio.to_thread(attune.main, words) == 0
    given = json.loads(out.read_text(encoding="utf-8"))
    assert list(given["stores"]) == [
        "Rasa's tracker store", "Messaging channels", "Desk", "Web chat",
    ]  # fmt: skip
    assert [row["text"] for row in given["stores"]["Desk"]["notes"]] == [HER_WORDS]
    assert [sign for sign in HIS_SIGNS if sign in out.read_text(encoding="utf-8")] == []
    assert out.stat().st_mode & 0o777 == 0o600
    assert await asyncio.to_thread(attune.main, words) == 1
    assert "her.json" in capsys.readouterr().err
