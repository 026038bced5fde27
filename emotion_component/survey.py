"""Which messages of a customer answer the desk's survey, and so are none of the bot's turns.

After a conversation the desk asks how it was. Its utterances carry the metadata

    {"survey": {"step": "asked", "answers": ["1", "2", "very bad", ...]}}

and a message is an answer if it is a survey button's payload (`/attune_survey_...`, which holds
also when the session is another one by now), or if it comes next and is among `answers`, compared
as `plain` makes it; the answer `*` stands for any text. Standard library only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Reversible
from typing import Any, Final

PAYLOAD: Final = "/attune_survey_"
ANYTHING: Final = "*"
METADATA: Final = "survey"
_LOOK_BACK_EVENTS: Final = 400


def is_answered(events: Reversible[Any]) -> bool:
    """Tell whether a conversation's newest message answers the survey.

    Args:
        events: The tracker's events, newest last, read by attribute.
    """
    text: str | None = None
    for seen, event in enumerate(reversed(events)):
        if seen >= _LOOK_BACK_EVENTS:
            break
        if event.type_name == "user" and text is None:
            text = event.text or ""
            if text.strip().startswith(PAYLOAD):
                return True
        elif event.type_name == "user":
            return False  # another message came between
        elif event.type_name == "bot" and text is not None:
            return _answers(text, event.metadata)
    return False


def marks_answer(event: Any) -> bool:
    """Tell whether an action event closes a turn that was the survey's."""
    return event.type_name == "action" and METADATA in (getattr(event, "metadata", None) or {})


def plain(text: str) -> str:
    """Bring a text to the form in which answers are compared; the desk does the same."""
    return unicodedata.normalize("NFKC", text).casefold().strip(" \t\r\n.!。")


def _answers(text: str, metadata: Any) -> bool:
    survey = metadata.get(METADATA) if isinstance(metadata, Mapping) else None
    expected = survey.get("answers") if isinstance(survey, Mapping) else None
    if not isinstance(expected, list):
        return False
    if ANYTHING in expected:
        return bool(text.strip()) and not text.startswith("/")
    return plain(text) in expected
