from __future__ import annotations

import json

import pytest
from rasa.shared.core.events import BotUttered, Event, Restarted, SessionStarted, UserUttered

from emotion_component.acknowledgement import memory
from emotion_component.acknowledgement.memory import Memory, Past, recall

HEARD = Memory().after("That is a fair complaint.").after("Point taken.")


def reply(remembered: Memory, text: str = "It left.") -> BotUttered:
    """A reply as the generator makes it, in a form that a tracker store keeps."""
    metadata = remembered.put_into({"utter_action": "utter_status"})
    return BotUttered(text, metadata=json.loads(json.dumps(metadata)))


def test_nothing_is_remembered_of_a_conversation_that_has_not_begun() -> None:
    assert recall([]) == Past()


def test_an_empty_memory_leaves_a_reply_as_it_is() -> None:
    assert Memory().put_into({"text": "It left."}) == {"text": "It left."}


def test_what_was_said_is_carried_on_as_short_keys() -> None:
    assert HEARD.put_into({"text": "It left."}) == {
        "text": "It left.",
        "acknowledged_so_far": {"said": ["15d14244", "6b040ee2"], "objected": False},
    }


def test_the_newest_reply_tells_what_the_whole_conversation_heard() -> None:
    events = [UserUttered("one"), reply(HEARD), UserUttered("two"), BotUttered("an agent")]

    assert recall(events).memory == HEARD


def test_the_replies_of_one_action_each_carry_their_part() -> None:
    first, second = Memory().after("One."), Memory().after("Two.")
    events = [UserUttered("one"), reply(first), reply(second), reply(Memory()), UserUttered("two")]

    assert recall(events).memory == first.join(second)


def test_a_reply_that_lost_the_memory_does_not_lose_it_for_good() -> None:
    events = [UserUttered("one"), reply(HEARD), UserUttered("two"), reply(Memory())]

    assert recall([*events, UserUttered("three")]).memory == HEARD


def test_the_memory_outlasts_two_hundred_messages_to_and_from_a_human() -> None:
    between = [UserUttered("and?"), BotUttered("One moment.", metadata={"sender": "agent"})] * 200

    assert recall([UserUttered("one"), reply(HEARD), *between]).memory == HEARD


@pytest.mark.parametrize("boundary", [Restarted(), SessionStarted()])
def test_a_restart_and_a_new_session_begin_a_new_conversation(boundary: Event) -> None:
    events = [UserUttered("stop apologising"), reply(HEARD), boundary, UserUttered("hello")]

    assert recall(events) == Past(texts=("hello",))


def test_an_objection_counts_from_the_message_on_and_is_carried_on() -> None:
    objected = [UserUttered("stop apologising")]
    later = [*objected, reply(recall(objected).memory), UserUttered("well?")]

    assert recall(objected).memory == Memory(objected=True)
    assert recall(later).memory == Memory(objected=True)


def test_an_objection_that_no_reply_followed_is_not_missed() -> None:
    events = [UserUttered("别道歉了"), BotUttered("An action's own words."), UserUttered("快查")]

    assert recall(events).memory.objected


def test_the_past_tells_the_newest_messages_and_the_answers_to_the_one_before() -> None:
    events: list[Event] = []
    for number in range(9):
        events += [UserUttered(f"m{number}"), reply(Memory(), f"a{number}")]

    assert recall([*events, UserUttered("now")]) == Past(
        texts=("now", "m8", "m7", "m6"), answers=("a8",)
    )


@pytest.mark.parametrize(("messages", "found"), [(1, True), (3, True), (4, False)])
def test_an_acknowledgement_counts_as_new_for_three_messages(messages: int, found: bool) -> None:
    noted = {"emotion": "anger", "intensity": 0.5, "text": "Point taken."}
    opened = BotUttered("Point taken. It left.", metadata={"acknowledgement": noted})
    after = [UserUttered("and?") for _ in range(messages)]

    assert recall([UserUttered("one"), opened, *after]).latest == (noted if found else None)


class Counted(list[Event]):
    """Events that count how many of them are read."""

    read = 0

    def __reversed__(self):  # type: ignore[no-untyped-def]
        for event in super().__reversed__():
            self.read += 1
            yield event


def test_a_turn_reads_no_more_of_two_thousand_turns_than_of_twenty() -> None:
    counts = []
    for turns in (20, 2_000):
        events = Counted()
        for number in range(turns):
            events += [UserUttered(f"m{number}"), reply(HEARD)]
        recall(events)
        counts.append(events.read)

    assert counts == [8, 8]


def test_words_can_be_taken_off_a_reply_again() -> None:
    noted = {"emotion": "anger", "text": "您说得对。"}
    message = BotUttered("您说得对。已发出。", metadata={"acknowledgement": noted})

    assert memory.opening_of(message) == "您说得对。"
    assert memory.words_after_opening(message) == "已发出。"


def test_a_message_without_an_acknowledgement_is_all_its_own_words() -> None:
    assert memory.opening_of(BotUttered("It left.")) is None
    assert memory.words_after_opening(BotUttered("It left.")) == "It left."
    assert memory.words_after_opening(BotUttered(None)) == ""


@pytest.mark.parametrize("metadata", [{"acknowledged_so_far": "?"}, {"acknowledgement": 3}, {}])
def test_what_another_generator_left_under_the_names_is_passed_over(
    metadata: dict[str, object],
) -> None:
    events = [UserUttered("one"), BotUttered("It left.", metadata=metadata), UserUttered("two")]

    assert recall(events) == Past(texts=("two", "one"), answers=("It left.",))
