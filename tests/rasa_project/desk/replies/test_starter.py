"""What a new desk's library holds."""

from __future__ import annotations

from emotion_component.reply_rules import check
from emotion_component.reply_rules.reply import Reply, Said, Variation
from rasa_project.desk.corrections.verdicts import EMOTIONS
from rasa_project.desk.replies import canned
from rasa_project.desk.replies.starter import STARTER
from rasa_project.desk.store.database import Store


def reply(answer: dict[str, object]) -> Reply:
    texts: dict[str, str] = answer["texts"]  # type: ignore[assignment]  # of the constant
    variations = tuple(Variation(1, (Said(text, 1),)) for text in texts.values())
    return Reply(f"utter_{answer['shortcut']}", 1, variations)


def test_the_answers_claim_no_feelings_and_promise_nothing() -> None:
    found = [finding for answer in STARTER for finding in check.check_reply(reply(answer))]
    assert found == []
    assert check.missing_languages([reply(answer) for answer in STARTER]) == []


def test_a_rule_that_is_broken_would_be_found() -> None:
    text = "I understand how you feel, and we will refund you today."
    broken = reply({"shortcut": "wrong", "texts": {"en": text}})
    assert {finding.rule.code for finding in check.check_reply(broken)} == {
        "claims-feeling",
        "promise-unbacked",
    }


def test_a_new_desk_has_them_all_and_the_library_would_take_each(store: Store) -> None:
    with store.read() as session:
        stored = canned.all_answers(session)
    for answer in stored:
        answer.pop("id")
    assert stored == sorted(STARTER, key=lambda answer: str(answer["shortcut"]))
    assert [canned._checked(dict(answer)) for answer in STARTER] == [
        {**answer, "emotions": [name for name in EMOTIONS if name in answer["emotions"]],
         "intents": sorted(answer["intents"])}
        for answer in STARTER
    ]  # fmt: skip
