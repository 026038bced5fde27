"""Inbox and outbox: kept once, in order, by one process at a time, on both databases."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from rasa_project.channels.messaging import hub, outbox
from rasa_project.channels.messaging.choices import chosen
from rasa_project.channels.messaging.composing import compose
from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.erasing import ChannelRows
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.inbox import MAX_ATTEMPTS, Inbox, TooEarly
from rasa_project.channels.messaging.outbox import Outbox, WindowClosed
from rasa_project.channels.messaging.part import Button, Part
from rasa_project.channels.messaging.presence import Presence
from rasa_project.channels.messaging.provider import Limits
from rasa_project.channels.messaging.providers.telegram import Telegram
from rasa_project.channels.messaging.tables import Customer, Outgoing, Received, Worker
from rasa_project.channels.messaging.turn import Attachment, Reading, Receipt, Turn
from rasa_project.errors import StartError

HOUR = 3600.0


class Plain(Telegram):
    """A channel without buttons, where customers may be answered for a day."""

    limits = Limits(text=200, window_seconds=24 * HOUR, gap_seconds=10.0, burst=2)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    if request.param == "postgresql":
        database_url = request.getfixturevalue("postgresql").empty_database()
    opened = Database(database_url)
    opened.open()
    yield opened
    opened.close()


class Process:
    """One of several server processes, as far as the database can tell."""

    def __init__(self, database: Database, number: int | None = None) -> None:
        self.presence = Presence(database)
        if number is not None:
            self.presence.id = self.presence.id.replace(f"|{os.getpid()}|", f"|{number}|")
        with database.write() as session:
            session.add(Worker(id=self.presence.id, alive_until=time.time() + 30))
        self.inbox = Inbox(database, self.presence, "telegram")
        self.outbox = Outbox(database, self.presence, Plain(None, Http("Telegram")))

    def say(self, text: str, name: str, pushed: bool = True, **more: Any) -> bool:
        parts = compose({"text": text, **more}, "telegram", Plain.limits)
        return self.outbox.say("1", parts, name, pushed)


@pytest.fixture
def process(database: Database) -> Process:
    return Process(database)


def turn(name: str, order: float | None = None, **more: Any) -> Turn:
    return Turn(
        id=name, customer="1", text=more.pop("text", f"words of {name}"), order=order, **more
    )


def keep(process: Process, *turns: Turn) -> int:
    return process.inbox.keep(Reading(turns=turns))


def do_all(process: Process) -> list[str]:
    """Answer all turns; return their names."""
    done = []
    while heads := process.inbox.heads():
        job = process.inbox.begin(heads[0].id)
        assert job is not None
        done.append(job.turn.id)
        process.inbox.finish(job.id)
    return done


def entry(database: Database, table: Any) -> Any:
    with database.read() as session:
        return session.scalars(select(table).order_by(table.id.desc()).limit(1)).one()


def test_a_delivery_is_kept_once_and_forgotten_in_words_when_done(
    database: Database, process: Process
) -> None:
    assert keep(process, turn("a"), turn("b")) == 2
    assert keep(process, turn("b"), turn("c")) == 1
    assert do_all(process) == ["a", "b", "c"]
    assert keep(process, turn("a")) == 0
    row = entry(database, Received)
    assert (row.turn, row.state, row.uncertain) == (None, "done", False)


def test_deliveries_that_overtook_each_other_are_answered_in_order(process: Process) -> None:
    keep(process, turn("third", 3.0))
    keep(process, turn("first", 1.0), turn("second", 2.0))
    assert do_all(process) == ["first", "second", "third"]


def test_what_no_database_holds_is_kept_as_well(process: Process) -> None:
    odd = Turn(
        id="i\ud800\0" + "d" * 500, customer="1", text="a\ud800\0b" * 9_000, order=float("nan"),
        sent_at=float("inf"), name="\0", attachments=(Attachment("image", id="\udfff"),),
        extra={"a\0": [float("nan"), "\ud800"]},
    )  # fmt: skip
    assert keep(process, odd) == 1
    assert keep(process, odd) == 0
    (name,) = do_all(process)
    assert name.startswith("sha256-")


def test_an_edit_counts_until_rasa_has_read_the_message(process: Process) -> None:
    keep(process, turn("a", text="wehre?"))
    keep(process, turn("a", text="where?", edits=True))
    (head,) = process.inbox.heads()
    job = process.inbox.begin(head.id)
    assert job is not None and job.turn.text == "where?"
    process.inbox.finish(job.id)
    assert keep(process, turn("a", text="too late", edits=True)) == 0
    assert process.inbox.heads() == []


def test_a_turn_that_always_fails_holds_the_others_up_for_a_while_only(process: Process) -> None:
    keep(process, turn("bad"), turn("good"))
    for _ in range(MAX_ATTEMPTS):
        (head,) = process.inbox.heads()
        assert process.inbox.begin(head.id) is not None
        process.inbox.fail(head.id, "no", counted=True)
    assert do_all(process) == ["good"]


def test_an_outage_of_rasas_store_counts_against_no_turn(process: Process) -> None:
    keep(process, turn("a"))
    for _ in range(3 * MAX_ATTEMPTS):
        (head,) = process.inbox.heads()
        assert process.inbox.begin(head.id) is not None
        process.inbox.fail(head.id, "no", counted=False)
    assert do_all(process) == ["a"]


def test_one_process_at_a_time_works_on_a_customer(database: Database, process: Process) -> None:
    other = Process(database)
    keep(process, turn("a"), turn("b"))
    (head,) = other.inbox.heads()
    assert process.inbox.begin(head.id) is not None
    assert (other.inbox.heads(), other.inbox.begin(head.id)) == ([], None)
    process.inbox.finish(head.id)
    assert do_all(other) == ["b"]


@pytest.mark.parametrize("how", ["killed here", "silent elsewhere"])
def test_a_dead_process_leaves_its_work_to_others(
    database: Database, process: Process, how: str
) -> None:
    dead = Process(database, number=2**22 + 1)  # beyond any process's number
    if how == "silent elsewhere":
        dead.presence.id = f"elsewhere|1|{dead.presence.id[-8:]}"
    keep(process, turn("a"))
    dead.say("words", "x")
    queues: tuple[Inbox, Outbox] = (dead.inbox, dead.outbox)
    for queue in queues:
        assert queue.begin(queue.heads()[0].id) is not None
    if how == "silent elsewhere":
        with database.write() as session:
            session.add(Worker(id=dead.presence.id, alive_until=time.time() + 30))
        assert (process.inbox.heads(), process.outbox.heads()) == ([], [])
        with database.write() as session:
            session.execute(update(Worker).values(alive_until=time.time() - 1))
    job = process.inbox.begin(process.inbox.heads()[0].id)
    errand = process.outbox.begin(process.outbox.heads()[0].id)
    assert job is not None and job.again
    assert errand is not None and errand.part.text == "words"


def test_a_claim_that_could_not_be_ended_does_not_last(process: Process) -> None:
    keep(process, turn("a"))
    (head,) = process.inbox.heads()
    assert process.inbox.begin(head.id) is not None
    again = process.inbox.begin(process.inbox.heads()[0].id)
    assert again is not None and again.again


def test_an_utterance_is_said_once_in_its_pieces(database: Database, process: Process) -> None:
    assert process.say("word " * 100, "id-1")
    assert not process.say("word " * 100, "id-1")
    keys = set()
    while heads := process.outbox.heads():
        errand = process.outbox.begin(heads[0].id)
        assert errand is not None
        keys.add(errand.part.key)
        process.outbox.sent(errand.id, "r")
    assert len(keys) == 3
    assert entry(database, Outgoing).part["text"] == ""


def test_a_customer_gets_a_burst_and_then_a_message_each_gap(process: Process) -> None:
    dues = []
    for number in range(4):
        process.say("words", f"id-{number}")
        (head,) = process.outbox.heads()
        dues.append(round(max(0.0, head.due - time.time()) / 10))
        errand = process.outbox.begin(head.id)
        assert errand is not None
        process.outbox.sent(errand.id, "")
    assert dues == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("error", "state", "uncertain", "waits"),
    [
        (NotSent("no", hopeless=True), "dead", False, 0),
        (NotSent("later", retry_after=70.0), "pending", False, 7),
        (MaybeSent("who knows"), "pending", True, 0),
    ],
)
def test_what_fails_waits_or_is_given_up(
    database: Database,
    process: Process,
    error: NotSent | MaybeSent,
    state: str,
    uncertain: bool,
    waits: int,
) -> None:
    process.say("words", "id-1")
    (head,) = process.outbox.heads()
    process.outbox.begin(head.id)
    process.outbox.failed(head.id, error)
    row = entry(database, Outgoing)
    due = round(max(0.0, row.next_attempt_at - time.time()) / 10)
    assert (row.state, row.uncertain, due, row.error) == (state, uncertain, waits, str(error))
    assert row.part["text"] == "words"


def test_after_a_day_of_outage_a_message_is_given_up(
    database: Database, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "GIVE_UP_SECONDS", -1.0)
    process.say("words", "id-1")
    (head,) = process.outbox.heads()
    process.outbox.begin(head.id)
    process.outbox.failed(head.id, NotSent("cannot be reached"))
    assert entry(database, Outgoing).state == "dead"


def heard(database: Database, ago: float) -> None:
    with database.write() as session:
        session.execute(update(Customer).values(heard_at=time.time() - ago))


def test_a_closed_window_is_said_before_anything_is_kept(
    database: Database, process: Process
) -> None:
    keep(process, turn("a"))
    heard(database, 25 * HOUR)
    with pytest.raises(WindowClosed, match="within 24 hours of the customer's last one"):
        process.say("words", "id-1")
    assert process.outbox.heads() == []
    keep(process, turn("b"))
    assert process.say("words", "id-1")


def test_a_window_that_closes_in_an_outage_ends_the_message_with_the_reason(
    database: Database, process: Process
) -> None:
    keep(process, turn("a"))
    process.say("words", "id-1")
    heard(database, 25 * HOUR)
    (head,) = process.outbox.heads()
    assert process.outbox.begin(head.id) is None
    row = entry(database, Outgoing)
    assert row.state == "dead" and "have to write first" in row.error
    assert process.outbox.heads() == []


def test_a_late_delivery_opens_the_window_from_when_it_was_written(process: Process) -> None:
    then = time.time() - 20 * HOUR
    keep(process, turn("a", sent_at=then))
    assert process.outbox.window_ends("1") == then + 24 * HOUR
    assert process.outbox.window_ends("nobody") is None


def test_a_receipt_of_failure_ends_a_message_that_was_sent(
    database: Database, process: Process
) -> None:
    process.say("words", "id-1")
    (head,) = process.outbox.heads()
    process.outbox.begin(head.id)
    process.outbox.sent(head.id, "remote-1")
    receipts = (Receipt("remote-1"), Receipt("remote-2", "lost"), Receipt("remote-1", "no phone"))
    process.inbox.keep(Reading(receipts=receipts))
    row = entry(database, Outgoing)
    assert (row.state, row.error) == ("dead", "no phone")


def test_a_receipt_that_comes_before_its_message_is_known_has_to_come_again(
    database: Database, process: Process
) -> None:
    process.say("words", "id-1")
    lost = Reading(receipts=(Receipt("remote-1", "no phone"),), turns=(turn("a"),))
    (head,) = process.outbox.heads()
    process.outbox.begin(head.id)
    with pytest.raises(TooEarly):
        process.inbox.keep(lost)
    process.outbox.sent(head.id, "remote-1")
    assert process.inbox.keep(lost) == 1
    row = entry(database, Outgoing)
    assert (row.state, row.error) == ("dead", "no phone")


CHOICES = [{"title": "Where is it?", "payload": "/order"}, {"title": "Money", "payload": "/money"}]


@pytest.mark.parametrize("text", ["2", " 2. ", "２", "2）", "(2)", "money", "MONEY"])
def test_a_number_or_a_title_is_the_button(database: Database, process: Process, text: str) -> None:
    process.say("What is it?", "id-1", buttons=CHOICES)
    assert chosen(database, "telegram", turn("a", text=text)) == Button("Money", "/money")


@pytest.mark.parametrize("text", ["3", "0", "2 mugs", "/money", ""])
def test_other_words_are_no_button(database: Database, process: Process, text: str) -> None:
    process.say("What is it?", "id-1", buttons=CHOICES)
    assert chosen(database, "telegram", turn("a", text=text)) is None


def test_an_old_list_takes_no_numbers(database: Database, process: Process) -> None:
    process.say("What is it?", "id-1", buttons=CHOICES)
    for name in ("a", "b"):
        keep(process, turn(name))
        do_all(process)
    process.say("How many mugs?", "id-2")
    assert chosen(database, "telegram", turn("c", text="2")) is None


def test_a_token_is_of_one_customer_and_one_channel(database: Database, process: Process) -> None:
    process.say("What is it?", "id-1", buttons=CHOICES)
    errand = process.outbox.begin(process.outbox.heads()[0].id)
    assert errand is not None
    process.outbox.sent(errand.id, "")  # the words go, the buttons stay
    token = errand.part.buttons[1].token
    mine = turn("a", pressed=token)
    assert chosen(database, "telegram", mine) == Button("Money", "/money")
    assert chosen(database, "line", mine) is None
    for other in ("9", f"{token}0", "1.x", "99999999999999999999.1"):
        assert chosen(database, "telegram", turn("a", pressed=other)) is None
    somebody = Turn(id="a", customer="2", pressed=token)
    assert chosen(database, "telegram", somebody) is None


def test_what_is_done_is_forgotten_after_a_month_and_what_failed_later(
    database: Database, process: Process
) -> None:
    keep(process, turn("a"))
    do_all(process)
    process.say("words", "id-1")
    process.outbox.begin(process.outbox.heads()[0].id)
    process.outbox.failed(entry(database, Outgoing).id, NotSent("no", hopeless=True))
    day = 24 * HOUR
    kept = []
    for days in (29, 31, 91):
        hub.forget(database, "telegram", time.time() + days * day)
        with database.read() as session:
            kept.append([len(session.scalars(select(t)).all()) for t in (Received, Outgoing)])
    assert kept == [[1, 1], [0, 1], [0, 0]]


def test_what_is_in_hand_as_its_customer_is_erased_ends_without_a_trace(
    database: Database, process: Process
) -> None:
    keep(process, turn("first"))
    (heard,) = process.inbox.heads()
    assert process.inbox.begin(heard.id) is not None
    process.say("It comes today.", "an answer")
    (said,) = process.outbox.heads()
    assert process.outbox.begin(said.id) is not None
    ChannelRows(database, []).erase(["telegram:1"])
    process.inbox.finish(heard.id)
    process.inbox.fail(heard.id, "no answer", counted=True)
    process.outbox.sent(said.id, "remote")
    process.outbox.failed(said.id, MaybeSent("no answer"))
    with database.read() as session:
        left = [session.query(table).count() for table in (Received, Outgoing, Customer)]
    assert left == [0, 0, 0]
    assert keep(process, turn("second")) == 1


def test_parts_come_back_as_they_were_stored() -> None:
    part = Part("text", text="a", buttons=(Button("b", "/c"),), numbered=True, key="k")
    assert Part.from_dict(part.to_dict()) == part


def test_a_database_that_cannot_be_used_is_named(database_url: str) -> None:
    with pytest.raises(StartError, match="ATTUNE_CHANNELS_DB"):
        Database("mysql://x/y")
    with pytest.raises(StartError, match="cannot be used"):
        Database("sqlite:////proc/nothing/channels.db").open()
