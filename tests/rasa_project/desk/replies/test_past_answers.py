from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.erasing import names, rows
from rasa_project.desk.replies import past_answers
from rasa_project.desk.replies.past_answers import PastAnswers, mask
from rasa_project.desk.store.database import Store
from tests.rasa_project.desk.rows import add_message, add_ticket, feeling

ASKED = {
    "late": ("where is my parcel, it was due a week ago", "The carrier has it, due tomorrow."),
    "money": ("when do I get my money back", "The refund was filed on Monday."),
    "login": ("I cannot sign in to my account", "Please reset the password on the sign-in page."),
    "晚": ("我的包裹怎么还没到，已经晚了一周", "快递明天送达，单号在订单页面可以看到。"),
}


def answer_all(store: Store) -> None:
    for at, (name, (question, answer)) in enumerate(ASKED.items()):
        add_ticket(store, name, language="zh" if name == "晚" else "en")
        feels = feeling("worry", 0.5)
        add_message(
            store, question, 10.0 * at, conversation=name, intent=f"ask_{name}", emotion=feels
        )
        add_message(store, answer, 10.0 * at + 1, conversation=name, sender="agent", agent="Li")


def follow(store: Store, past: PastAnswers) -> None:
    with store.read() as session:
        past.follow(session)


def found(past: PastAnswers, question: str, language: str) -> list[str]:
    return [answer.conversation for answer, _ in past.find(question, language, 5)]


def test_the_answer_to_the_most_similar_message_comes_first(store: Store) -> None:
    answer_all(store)
    past = PastAnswers()
    assert past.find("where is my parcel", "en", 5) == []
    follow(store, past)
    assert found(past, "where's my parcle", "en")[0] == "late"
    assert found(past, "I want my money back!", "en")[0] == "money"
    assert found(past, "包裹晚了", "zh") == ["晚"]
    (answer, score), *_ = past.find(ASKED["late"][0], "en", 1)
    assert (answer.emotion, answer.intent, round(score, 6)) == ("worry", "ask_late", 1.0)
    assert past.find("  ", "en", 5) == []


def test_new_answers_join_without_the_old_ones_being_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all(store)
    past = PastAnswers()
    monkeypatch.setattr(past_answers, "MAX_ANSWERS_AT_ONCE", 3)
    follow(store, past)
    assert found(past, "包裹晚了", "zh") == []
    follow(store, past)
    assert found(past, "包裹晚了", "zh") == ["晚"]
    seen: list[list[str]] = []
    vectors = past_answers._vectors

    def watched(texts: Any) -> Any:
        seen.append(list(texts))
        return vectors(seen[-1])

    monkeypatch.setattr(past_answers, "_vectors", watched)
    add_message(store, "is the blue one in stock", 90.0, conversation="late")
    add_message(store, "It is, in both sizes.", 91.0, conversation="late", sender="agent")
    for _ in range(2):
        follow(store, past)
    assert seen == [["is the blue one in stock"]]
    assert past.find("blue one in stock?", "en", 1)[0][0].text == "It is, in both sizes."


def test_only_the_latest_answers_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_all(store)
    monkeypatch.setattr(past_answers, "MAX_ANSWERS", 2)
    past = PastAnswers()
    follow(store, past)
    kept = {name for question, _ in ASKED.values() for name in found(past, question, "en")}
    assert kept == {"login"}
    assert found(past, "包裹晚了", "zh") == ["晚"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Li here: A1042 goes to Ana Brown, A1042!", "{agent} here: {order_number} goes to "
         "{customer_name}, {order_number}!"),
        ("write to me@x.example or +44 20 7946 0018", "write to {email} or {phone}"),
        ("see https://x.example/991 for B2077, 30 days", "see {link} for {number}, 30 days"),
        ("您的订单A1042明天到", "您的订单{number}明天到"),
    ],
)  # fmt: skip
def test_what_is_one_customers_alone_reaches_no_other(text: str, masked: str) -> None:
    facts: dict[str, Any] = {"order_number": "A1042", "customer_name": "Ana Brown", "x y": "days"}
    known = {} if text.startswith("您") else facts
    assert mask(text, known, "Li") == masked


def test_what_was_said_to_an_erased_customer_is_suggested_to_nobody(store: Store) -> None:
    answer_all(store)
    past = PastAnswers()
    follow(store, past)
    assert found(past, "where is my parcel", "en")[0] == "late"
    with store.write() as session:
        stand_in = names.begin(session, ["late"], {})
        rows.erase(session, ["late"], stand_in)
        names.finish(session, stand_in, "root")
    follow(store, past)
    assert "late" not in found(past, "where is my parcel", "en")
    assert found(past, "I want my money back!", "en")[0] == "money"
