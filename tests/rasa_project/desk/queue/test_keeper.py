"""Rounds of the queue at times that the tests choose."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.queue import moves, snooze, timers
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.queue.keeper import QueueKeeper
from rasa_project.desk.queue.moves import Destination
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import AnswerTimer, OutboxEntry, Ticket
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.queue.conftest import ReadFile
from tests.rasa_project.desk.queue.conversations import act, refusal, say, ticket_of, told
from tests.rasa_project.desk.rows import add_agent, add_ticket

SUNDAY = 1_795_312_800.0  # 2026-11-22, 03:00 in Berlin
MONDAY = SUNDAY + 36 * 3600  # 15:00
HERE = {1}
TARGETS = "targets: {normal: {first: 10m, next: 5m}, urgent: {first: 1m, next: 30s}}"


def keeper(store: Store, config: DeskConfig) -> QueueKeeper:
    return QueueKeeper(store, config, set, lambda: True, lambda: None)


def go(
    store: Store, config: DeskConfig, now: float, present: frozenset[int] | set[int] = HERE
) -> Any:
    return keeper(store, config).round(now, set(present), bool(present))


def delivered(store: Store) -> None:
    """Let everything arrive."""
    with store.write() as session:
        for entry in session.scalars(select(OutboxEntry)):
            entry.state = "sent"


def answer_timers(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as session:
        found = session.scalars(select(AnswerTimer).order_by(AnswerTimer.id))
        return [
            (one.kind, one.started_at, one.due_at, one.ended_at, one.answered, one.breached_at)
            for one in found
        ]


def test_a_new_ticket_gets_its_team_and_a_place_that_the_customer_hears_once(
    store: Store, desk_config: DeskConfig
) -> None:
    add_agent(store, "li")
    first, second = add_ticket(store, "a"), add_ticket(store, "b", language="zh")
    assert go(store, desk_config, MONDAY).tickets == {first, second}
    assert not go(store, desk_config, MONDAY + 1)
    assert ticket_of(store, first).team == "billing"
    assert (told(store, "a"), told(store, "b")) == (["You are next in line."], ["您排在第 2 位。"])


def test_a_changed_place_is_told_after_two_minutes_and_when_the_last_word_has_arrived(
    store: Store, desk_config: DeskConfig
) -> None:
    li = add_agent(store, "li")
    first, _second = add_ticket(store, "a"), add_ticket(store, "b")
    go(store, desk_config, MONDAY)
    act(store, work.claim, first, li)
    go(store, desk_config, MONDAY + 119)
    go(store, desk_config, MONDAY + 121)
    not_yet = told(store, "b")
    delivered(store)
    go(store, desk_config, MONDAY + 122)
    go(store, desk_config, MONDAY + 500)
    assert (not_yet, told(store, "b")) == (
        ["You are number 2 in line."],
        ["You are number 2 in line.", "You are next in line."],
    )


def test_the_wait_is_told_as_a_range_once_enough_conversations_were_handled(
    store: Store, desk_config: DeskConfig
) -> None:
    li = add_agent(store, "li")
    for number in range(8):
        ticket = add_ticket(store, f"old{number}")
        with store.write() as session:
            done = session.get(Ticket, ticket)
            done.state, done.team, done.agent_id = "resolved", "billing", li.agent_id
            done.claimed_at = MONDAY - 5_000
            done.closed_at = done.claimed_at + 60 * (number + 3)  # 3 to 10 minutes
    add_ticket(store, "a")
    go(store, desk_config, MONDAY, present={li.agent_id})
    assert told(store, "a") == ["You are next in line. The wait is about 5 to 9 minutes."]


def test_whoever_is_put_back_hears_their_place_again(store: Store, desk_config: DeskConfig) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store, "a")
    go(store, desk_config, MONDAY)
    act(store, work.claim, ticket, li)
    act(store, moves.pass_on, ticket, li, "key-00001", Destination(), "", desk_config)
    delivered(store)
    go(store, desk_config, MONDAY + 60)
    go(store, desk_config, MONDAY + 130)
    assert told(store, "a")[-2:] == [
        "A colleague is taking over and reads what you wrote so far.", "You are next in line.",
    ]  # fmt: skip


def test_when_it_is_closed_the_customer_hears_it_once_and_leaves_a_contact(
    store: Store, desk_config: DeskConfig
) -> None:
    ticket = add_ticket(store, "a")
    go(store, desk_config, SUNDAY)
    say(store, "a", "customer", "my order 12345678 never came", SUNDAY + 5)
    go(store, desk_config, SUNDAY + 6)
    say(store, "a", "customer", "write to mia@example.org please", SUNDAY + 9)
    for seconds in (10, 400):
        go(store, desk_config, SUNDAY + seconds)
    assert told(store, "a") == [
        "Our team is away until Monday, 23 November, 09:00 (CET). Write here what it is about "
        "and, if you like, an e-mail address or a phone number. You get the answer in this chat.",
        "Thank you, we have noted mia@example.org. You get the answer here in this chat.",
    ]
    delivered(store)
    go(store, desk_config, MONDAY)
    assert (told(store, "a")[2:], ticket_of(store, ticket).state) == (
        ["You are next in line."], "queued",
    )  # fmt: skip


def test_when_nobody_is_there_the_customer_hears_it(store: Store, read_file: ReadFile) -> None:
    add_ticket(store, "a", language="zh")
    for _ in range(2):
        go(store, read_file(""), MONDAY, present=set())
    assert told(store, "a") == [
        "目前没有客服在线。您可以直接在这里留言，如果愿意也可以留下邮箱或电话，我们会在此对话中回复您。"
    ]


def test_a_desk_that_tells_nothing_tells_nothing(store: Store, read_file: ReadFile) -> None:
    quiet = read_file("{tell_place: false, tell_absence: false}")
    add_ticket(store, "a")
    go(store, quiet, MONDAY)
    go(store, quiet, MONDAY, present=set())
    assert told(store, "a") == []


def test_the_first_answer_ends_its_timer_and_the_next_message_starts_another(
    store: Store, read_file: ReadFile
) -> None:
    config = read_file(TARGETS)
    ticket = add_ticket(store, "a")  # opened at 1.0
    say(store, "a", "customer", "hello", 0.5)
    go(store, config, 100.0)
    say(store, "a", "agent", "hi", 200.0)
    go(store, config, 201.0)
    say(store, "a", "customer", "one more thing", 300.0)
    say(store, "a", "customer", "hello?", 400.0)
    go(store, config, 401.0)
    go(store, config, 601.0)
    say(store, "a", "agent", "sorry", 610.0)
    go(store, config, 611.0)
    assert answer_timers(store) == [
        ("first", 1.0, 601.0, 200.0, 1, None),
        ("next", 300.0, 600.0, 610.0, 1, 600.0),
    ]
    with store.read() as session:
        assert timers.running(session, [ticket]) == {}


def test_a_breach_is_recorded_while_it_happens(store: Store, read_file: ReadFile) -> None:
    config, ticket = read_file(TARGETS), add_ticket(store, "a")
    go(store, config, 100.0)
    assert go(store, config, 601.0).tickets == {ticket}
    assert not go(store, config, 602.0)
    assert answer_timers(store) == [("first", 1.0, 601.0, None, None, 601.0)]


def test_a_new_priority_gives_the_timer_a_new_target(store: Store, read_file: ReadFile) -> None:
    config, ticket = read_file(TARGETS), add_ticket(store, "a")
    li = add_agent(store, "li")
    go(store, config, 10.0)
    act(store, moves.set_priority, ticket, li, "key-00001", "urgent", config)
    urgent = answer_timers(store)
    act(store, moves.set_priority, ticket, li, "key-00002", "low", config)
    assert (urgent, answer_timers(store)) == ([("first", 1.0, 61.0, None, None, None)], [])


def test_a_conversation_that_ends_unanswered_ends_its_timer(
    store: Store, read_file: ReadFile
) -> None:
    config, ticket = read_file(TARGETS), add_ticket(store, "a")
    go(store, config, 10.0)
    with store.write() as session:
        done = session.get(Ticket, ticket)
        done.state, done.closed_at = "bot", 50.0
    go(store, config, 60.0)
    assert answer_timers(store) == [("first", 1.0, 601.0, 50.0, 0, None)]


def test_a_conversation_put_off_comes_back_at_its_time(store: Store, read_file: ReadFile) -> None:
    li, config, ticket = add_agent(store, "li"), read_file(""), add_ticket(store, "a")
    until = time.time() + 600
    act(store, snooze.snooze, ticket, li, "key-00001", until)
    go(store, config, until - 1)
    before = (ticket_of(store, ticket).snoozed_until, told(store, "a"))
    go(store, config, until)
    assert (before, ticket_of(store, ticket).snoozed_until) == ((until, []), None)
    assert told(store, "a") == ["You are next in line."]


def test_it_comes_back_earlier_when_the_customer_writes(store: Store, read_file: ReadFile) -> None:
    li, config, ticket = add_agent(store, "li"), read_file(""), add_ticket(store, "a")
    act(store, snooze.snooze, ticket, li, "key-00001", time.time() + 600)
    say(store, "a", "customer", "any news?", time.time() + 1)
    go(store, config, time.time() + 2)
    assert ticket_of(store, ticket).snoozed_until is None


@pytest.mark.parametrize("seconds", [-1.0, 100 * 24 * 3600.0])
def test_a_time_that_is_not_ahead_is_refused(store: Store, seconds: float) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    until = time.time() + seconds
    assert refusal(store, snooze.snooze, ticket, li, "key-00001", until) == (400, "until")
