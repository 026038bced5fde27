from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.errors import RequestError
from rasa_project.desk.queue import teams
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.queue.teams import Work
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation
from tests.rasa_project.desk.queue.conftest import ReadFile
from tests.rasa_project.desk.rows import add_agent

RULES = """
teams:
  delivery: {when: [{intent: late}, {slot: {topic: [parcel, courier]}}]}
  billing: {when: [{intent: [refund, invoice]}]}
  vip: {when: [{slot: {customer_number: "*"}, channel: webchat, language: zh}]}
default_team: billing
"""


@pytest.mark.parametrize(
    ("conversation", "team"),
    [
        ({}, "billing"),
        ({"intents": ["human", "late"]}, "delivery"),
        ({"intents": ["refund", "late"]}, "billing"),  # the latest decides
        ({"slots": {"topic": "courier"}}, "delivery"),
        ({"slots": {"customer_number": "7"}, "channel": "webchat", "language": "zh"}, "vip"),
        ({"slots": {"customer_number": "7"}, "channel": "slack", "language": "zh"}, "billing"),
    ],
)
def test_a_conversation_goes_to_the_team_whose_rule_holds(
    read_file: ReadFile, conversation: dict[str, Any], team: str
) -> None:
    values = {"slots": {}, **conversation}
    assert teams.team_of(read_file(RULES), Conversation(id="c", **values)) == team


def test_without_teams_a_conversation_is_everybodys(read_file: ReadFile) -> None:
    conversation = Conversation(id="c", slots={}, intents=["late"])
    assert teams.team_of(read_file(""), conversation) is None


def test_an_agent_does_all_work_until_somebody_says_otherwise(
    store: Store, desk_config: DeskConfig
) -> None:
    li, ana = add_agent(store, "li").agent_id, add_agent(store, "ana").agent_id
    work = Work(("billing", "vip"), ("zh",), 3)
    with store.write() as session:
        before = teams.work_of(session, li)
        teams.set_work(session, li, work, desk_config)
    with store.read() as session:
        assert (before, teams.all_work(session)) == (Work(), {li: work, ana: Work()})
    assert [Work().serves("vip"), work.serves("vip"), work.serves(None)] == [True] * 3
    assert not work.serves("delivery")


@pytest.mark.parametrize(
    ("agent", "work", "code"),
    [
        (99, Work(), "no_agent"),
        (1, Work(teams=("nobody",)), "no_team"),
        (1, Work(languages=("",)), "language"),
        (1, Work(max_conversations=0), "limit_range"),
    ],
)
def test_work_that_makes_no_sense_is_refused(
    store: Store, desk_config: DeskConfig, agent: int, work: Work, code: str
) -> None:
    add_agent(store, "li")
    with pytest.raises(RequestError) as refused, store.write() as session:
        teams.set_work(session, agent, work, desk_config)
    assert refused.value.code == code
