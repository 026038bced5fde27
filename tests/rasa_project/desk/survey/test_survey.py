"""The survey between a desk's store and the events of a conversation."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import select

from emotion_component import survey as bot
from rasa_project.desk.inbound.intake import Intake
from rasa_project.desk.inbound.tracker_events import CustomerTurn, Row, SlotValue, Utterance
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import (
    Conversation,
    Message,
    OutboxEntry,
    Survey,
    Ticket,
    TicketFigures,
)
from rasa_project.desk.survey import answers, asking, words
from rasa_project.desk.survey.keeper import SurveyKeeper
from rasa_project.desk.tickets import states, work
from tests.rasa_project.desk.rows import add_agent, add_ticket

RESOLVED = (states.RESOLVED,)
QUESTION = "How was our help this time?"


class Talk:
    """A conversation after its ticket was resolved; what the desk says arrives in Rasa."""

    def __init__(self, store: Store, language: str = "en", channel: str = "webchat") -> None:
        self.store, self.rows, self.at = store, 0, time.time()
        self.li = add_agent(store, "li")
        self.ticket = add_ticket(store, language=language)
        with store.write() as session:
            session.get(Conversation, "c").channel = channel
            work.claim(session, self.ticket, self.li)
            work.resolve(session, self.ticket, self.li, "")

    def ask(self, after: tuple[str, ...] = RESOLVED) -> int:
        """Let the desk look for customers to ask; return how many it asked."""
        asked = SurveyKeeper(self.store, after).ask()
        self.arrive()
        return sum(map(bool, asked))

    def says(self, text: str, after: float = 1.0) -> None:
        self._take(CustomerTurn(text, None, None, None, None), after)
        self.arrive()

    def arrive(self) -> None:
        """Have Rasa store what is in the outbox, and the desk read it there."""
        with self.store.read() as session:
            query = select(OutboxEntry).where(OutboxEntry.state == "pending")
            entries = session.scalars(query.order_by(OutboxEntry.id)).all()
        for entry in entries:
            self._take(Utterance("bot", None, "", entry.message_id, []), 1.0)

    def bot_says(self, text: str) -> None:
        self._take(Utterance("bot", None, text, None, []), 1.0)

    def queues(self) -> None:
        self._take(SlotValue("handoff_state", "queued"), 1.0)

    def heard(self) -> list[str]:
        """What was said to the customer since the ticket was closed."""
        with self.store.read() as session:
            query = select(Message.text).where(Message.sender == "bot").order_by(Message.id)
            return list(session.scalars(query))[1:]

    def survey(self) -> tuple[int | None, str | None, str]:
        with self.store.read() as session:
            found = session.scalar(select(Survey))
            return found.rating, found.comment, found.step

    def _take(self, fact: Any, after: float) -> None:
        self.rows += 1
        self.at += after
        with self.store.write() as session:
            Intake(session).take(Row(self.rows, "c", "", self.at, ""), fact)


def test_a_resolved_ticket_brings_one_question_with_five_buttons(store: Store) -> None:
    talk = Talk(store)
    assert [talk.ask(), talk.ask()] == [1, 0]
    with store.read() as session:
        message = session.scalar(select(Message).where(Message.text == QUESTION))
        (event,) = session.scalar(
            select(OutboxEntry.events).where(OutboxEntry.message_id == message.message_id)
        )
    titles = [button["title"] for button in event["data"]["buttons"]]
    assert titles == ["Very bad", "Bad", "OK", "Good", "Very good"]
    assert event["metadata"]["survey"]["step"] == "asked"
    assert talk.heard() == [QUESTION]


def test_a_pressed_button_counts_is_thanked_for_and_shown_by_its_title(store: Store) -> None:
    talk = Talk(store)
    talk.ask()
    for _ in range(2):
        talk.says("/attune_survey_4")
    assert talk.survey() == (4, None, "rated")
    assert talk.heard() == [QUESTION, "Thank you for your rating: Good."]
    with store.read() as session:
        said = session.scalars(select(Message.text).where(Message.sender == "customer")).all()
        rating = session.scalar(select(TicketFigures.rating))
    assert (said, rating) == (["Good", "Good"], 4)


@pytest.mark.parametrize("said", ["5", " ５ ", "5/5", "Very good.", "非常满意。", "5分"])
def test_a_typed_answer_counts_right_after_the_question(store: Store, said: str) -> None:
    talk = Talk(store)
    talk.ask()
    talk.says(said)
    assert talk.survey()[0] == 5


@pytest.mark.parametrize("said", ["6", "0", "55", "I have 5 parcels", "five", "/refund"])
def test_anything_else_is_the_bots(store: Store, said: str) -> None:
    talk = Talk(store)
    talk.ask()
    talk.says(said)
    assert (talk.survey(), talk.heard()) == ((None, None, "asked"), [QUESTION])


def test_a_number_that_answers_another_question_is_the_bots(store: Store) -> None:
    talk = Talk(store)
    talk.ask()
    talk.says("I need more of these")
    talk.bot_says("How many?")
    talk.says("5")
    assert talk.survey()[0] is None
    talk.says("/attune_survey_2")
    assert talk.survey()[0] == 2


def test_a_number_before_the_question_has_arrived_is_no_answer(store: Store) -> None:
    talk = Talk(store)
    SurveyKeeper(store, RESOLVED).ask()
    with store.write() as session:
        Intake(session).take(
            Row(90, "c", "", time.time(), ""), CustomerTurn("5", None, None, None, None)
        )
    assert talk.survey()[0] is None


def test_a_rating_can_be_changed_for_a_day(store: Store) -> None:
    talk = Talk(store)
    talk.ask()
    talk.says("/attune_survey_1")
    talk.says("/attune_survey_5", after=answers.CHANGE_SECONDS - 60)
    talk.says("/attune_survey_2", after=3_600)
    assert talk.survey()[0] == 5
    assert talk.heard()[1:] == [
        "Thank you for your rating: Very bad.",
        "Thank you, your rating is now: Very good.",
        "Thank you. Your earlier rating stands; it can be changed for one day.",
    ]


def test_a_comment_is_asked_for_and_taken_word_by_word(store: Store) -> None:
    talk = Talk(store, language="zh")
    talk.ask()
    talk.says("/attune_survey_2")
    talk.says("/attune_survey_comment")
    talk.says("等太久了")
    talk.says("下一个问题")
    assert talk.survey() == (2, "等太久了", "done")
    assert talk.heard() == [
        "这次服务您满意吗？", "感谢您的评价：差。",
        "您想对我们说什么？您的下一条消息会转给我们的团队。", "谢谢，您的意见已转给团队。",
    ]  # fmt: skip


def test_a_channel_without_buttons_is_asked_for_a_number(store: Store) -> None:
    talk = Talk(store, channel="twilio")
    talk.ask()
    talk.says("2")
    talk.says("Comment.")
    talk.says("It took too long")
    assert talk.survey() == (2, "It took too long", "done")
    assert "from 1 (very bad) to 5 (very good)" in talk.heard()[0]
    assert talk.heard()[1].endswith("Write “comment” if you would like to add one.")
    with store.read() as session:
        asked = session.scalars(select(Message.buttons).where(Message.sender == "bot"))
        assert not any(asked)


def test_nobody_is_asked_twice_within_a_day(store: Store) -> None:
    talk = Talk(store)
    talk.ask()
    talk.queues()
    with store.write() as session:
        again = session.scalar(select(Ticket.id).where(Ticket.state == "queued"))
        work.claim(session, again, talk.li)
        work.resolve(session, again, talk.li, "")
    assert talk.ask() == 0
    with store.write() as session:
        session.scalar(select(Survey)).asked_at -= asking.PAUSE_SECONDS
    assert talk.ask() == 1


def test_who_is_back_at_the_desk_is_not_asked_and_not_thanked(store: Store) -> None:
    talk = Talk(store)
    talk.ask()
    talk.queues()
    talk.says("/attune_survey_1")
    assert talk.survey() == (1, None, "done")
    assert talk.heard() == [QUESTION]


def test_the_operator_says_after_what_customers_are_asked(store: Store) -> None:
    talk = Talk(store)
    assert [talk.ask(()), talk.ask((states.BOT,)), talk.ask((states.BOT, states.RESOLVED))] == [
        0, 0, 1,
    ]  # fmt: skip


def test_nobody_is_asked_about_what_nobody_did_or_what_is_long_past(store: Store) -> None:
    talk = Talk(store)
    with store.write() as session:
        session.get(Ticket, talk.ticket).agent_id = None
    assert talk.ask() == 0
    with store.write() as session:
        ticket = session.get(Ticket, talk.ticket)
        ticket.agent_id, ticket.closed_at = talk.li.agent_id, time.time() - 7_200
    assert talk.ask() == 0


@pytest.mark.parametrize("said", [" 5。", "５", "VERY GOOD", "5 / 5", "意见", "", "a\n", "!"])
def test_bot_and_desk_compare_answers_alike(said: str) -> None:
    assert (bot.plain(said), bot.PAYLOAD, bot.ANYTHING) == (
        words.plain(said), words.PAYLOAD, words.ANYTHING,
    )  # fmt: skip
