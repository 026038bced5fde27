"""How customers on the web chat stand, at times that the tests choose."""

from __future__ import annotations

from typing import Any

from rasa_project.desk.queue import standings, teams
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation, Ticket
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.queue.conftest import ReadFile
from tests.rasa_project.desk.queue.conversations import act, say
from tests.rasa_project.desk.queue.test_keeper import MONDAY, SUNDAY, go
from tests.rasa_project.desk.rows import add_agent, add_ticket

HOURS = {
    "en": [["Mon", "09:00–12:00, 13:00–17:30"], ["Tue–Thu", "closed"], ["Fri", "09:00–24:00"],
           ["Sat–Sun", "closed"]],
    "zh": [["周一", "09:00–12:00, 13:00–17:30"], ["周二–周四", "休息"], ["周五", "09:00–24:00"],
           ["周六–周日", "休息"]],
}  # fmt: skip


def waits(store: Store, conversation: str, channel: str = "webchat") -> int:
    ticket = add_ticket(store, conversation)
    with store.write() as session:
        session.get(Conversation, conversation).channel = channel
    return ticket


def stand(store: Store, config: DeskConfig, now: float, anybody: bool = True) -> dict[str, Any]:
    with store.read() as session:
        return standings.of_all(session, config, now, teams.all_work(session), anybody)


def test_those_on_the_web_chat_have_their_place_among_all_and_what_to_expect(
    store: Store, desk_config: DeskConfig
) -> None:
    li = add_agent(store, "li")
    for number in range(8):
        add_ticket(store, f"old{number}")
    with store.write() as session:
        for number, ticket in enumerate(session.query(Ticket), start=1):
            ticket.state, ticket.team = "resolved", "billing"
            ticket.claimed_at, ticket.closed_at = MONDAY - 3_600, MONDAY - 3_600 + 120 * number
    waits(store, "a", "telegram")
    waits(store, "b")
    first = waits(store, "c")
    go(store, desk_config, MONDAY)
    found = stand(store, desk_config, MONDAY)
    says = [one.pop("says") for one in found.values()]
    assert found == {
        "b": {"state": "queued", "place": 2, "wait": [15, 25]},
        "c": {"state": "queued", "place": 3, "wait": [20, 40]},
    }
    assert says[0] == {
        "en": "You are number 2 in line. The wait is about 15 to 25 minutes.",
        "zh": "您排在第 2 位。预计还需等待 15 到 25 分钟。",
    }
    act(store, work.claim, first, li)
    assert list(stand(store, desk_config, MONDAY)) == ["b"]
    with store.read() as session:
        claimed = session.get(Ticket, first).claimed_at
        assert standings.ended_since(session, claimed - 1) == ["c"]
        assert standings.ended_since(session, claimed + 1) == []


def test_a_closed_desk_says_when_it_opens_and_who_has_left_a_message(
    store: Store, desk_config: DeskConfig
) -> None:
    for conversation in ("a", "b"):
        waits(store, conversation)
    go(store, desk_config, SUNDAY)
    say(store, "b", "customer", "call me", SUNDAY + 5)
    closed = {
        "state": "closed", "opens": SUNDAY + 30 * 3_600, "hours": HOURS, "zone": "Europe/Berlin",
        "says": {
            "en": "Our team is away until Monday, 23 November, 09:00 (CET).",
            "zh": "客服目前不在，11月23日（周一）09:00（CET）恢复服务。",
        },
    }  # fmt: skip
    assert stand(store, desk_config, SUNDAY + 6) == {
        "a": {**closed, "left": False},
        "b": {**closed, "left": True},
    }


def test_a_desk_that_is_open_without_anybody_says_so_and_one_that_tells_nothing_nothing(
    store: Store, read_file: ReadFile
) -> None:
    waits(store, "a")
    always = read_file("")
    go(store, always, MONDAY, set())
    assert stand(store, always, MONDAY, anybody=False) == {
        "a": {
            "state": "nobody", "opens": None, "hours": {"en": [], "zh": []}, "zone": "UTC",
            "left": False,
            "says": {"en": "Nobody from our team is here right now.", "zh": "目前没有客服在线。"},
        }
    }  # fmt: skip
    waits(store, "b")  # and has not heard it yet: a message left now would not be looked at
    assert list(stand(store, always, MONDAY + 1, anybody=False)) == ["a"]
    silent = read_file("tell_place: false\ntell_absence: false")
    assert [stand(store, silent, MONDAY, anybody) for anybody in (True, False)] == [{}, {}]
