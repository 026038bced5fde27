from __future__ import annotations

from rasa_project.desk.corrections import corrections
from rasa_project.desk.replies.past_answers import PastAnswers
from rasa_project.desk.replies.suggestions import suggest
from rasa_project.desk.store.database import Store
from tests.rasa_project.desk.replies.test_past_answers import answer_all
from tests.rasa_project.desk.rows import add_agent, add_message, add_ticket, feeling


def shown(store: Store, ticket: int) -> list[tuple[str, str | None]]:
    with store.read() as session:
        found = suggest(session, PastAnswers(), ticket)
    return [(one["kind"], one["shortcut"] or one["text"]) for one in found]


def test_intent_and_emotion_choose_from_the_library_and_likeness_from_the_past(
    store: Store,
) -> None:
    answer_all(store)
    ticket = add_ticket(store)
    assert shown(store, ticket) == []
    add_message(
        store, "my parcel was due a week ago", 100.0, intent="late_delivery",
        emotion=feeling("anger", 0.8),
    )  # fmt: skip
    past = "The carrier has it, due tomorrow."
    assert shown(store, ticket) == [
        ("library", "sorry-late"), ("past", past), ("library", "where-is-it"),
    ]  # fmt: skip


def test_a_corrected_emotion_is_the_one_that_counts(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    message = add_message(store, "well done, really", 100.0, emotion=feeling("joy", 0.7, 0.7))
    assert shown(store, ticket) == [("library", "glad-anything-else")]
    with store.write() as session:
        corrections.correct(session, message, li, "anger")
    assert [name for _, name in shown(store, ticket)] == ["sorry-trouble", "thanks-for-patience"]


def test_nothing_is_suggested_once_the_agent_has_answered(store: Store) -> None:
    ticket = add_ticket(store)
    add_message(store, "thank you", 100.0, intent="thanks", emotion=feeling("gratitude", 0.8, 0.8))
    assert shown(store, ticket) == [("library", "glad-anything-else")]
    add_message(store, "You're welcome!", 101.0, sender="agent")
    assert shown(store, ticket) == []


def test_a_customer_is_answered_in_their_language(store: Store) -> None:
    answer_all(store)
    ticket = add_ticket(store, language="zh")
    add_message(store, "包裹晚了一周了", 100.0, intent="late_delivery")
    with store.read() as session:
        found = suggest(session, PastAnswers(), ticket)
    assert sorted((one["kind"], one["text"][:6]) for one in found) == [
        ("library", "订单{ord"),
        ("library", "订单{ord"),
        ("past", "快递明天送达"),
    ]
