from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, Event

from emotion_component.consent import is_declined
from tests.emotion_component.conversation import emotion, said

NO = {"read_tone": False}
YES = {"read_tone": True}
READ = emotion("anger")
UNREAD = {**emotion("neutral", abstained=True), "declined": True}


@pytest.mark.parametrize(
    ("metadata", "before", "declined"),
    [
        (None, [], False),
        (NO, [], True),
        (YES, [said(UNREAD, metadata=NO)], False),
        (None, [said(UNREAD, metadata=NO)], True),
        (None, [said(UNREAD, metadata=NO), ActionExecuted("action_listen")], True),
        # The turn in between came without metadata and hands on what it knew.
        (None, [said(UNREAD, metadata=NO), said(UNREAD)], True),
        (None, [said(UNREAD, metadata=NO), said(READ, metadata=YES)], False),
        (None, [said(READ)], False),
        # A turn without an emotion knows nothing.
        (None, [said(UNREAD, metadata=NO), said(None)], True),
        ({"read_tone": "false"}, [], False),
        ({"read_tone": 0}, [said(UNREAD)], True),
    ],
)
def test_the_newest_word_on_it_holds(
    metadata: dict[str, Any] | None, before: list[Event], declined: bool
) -> None:
    assert is_declined(metadata, before) is declined
