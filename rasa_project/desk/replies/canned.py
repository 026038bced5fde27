"""The desk's library of answers: written by supervisors, inserted by agents with a slash."""

from __future__ import annotations

import re
import time
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.corrections.verdicts import EMOTIONS
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import CannedAnswer

LANGUAGES: Final = ("en", "zh")
MAX_ANSWERS: Final = 1_000  # all of them go to each page, which searches them as one types
MAX_CHARACTERS: Final = 4_000
MAX_INTENTS: Final = 20
# What can be typed after a slash without leaving it.
_SHORTCUT = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9\u4e00-\u9fff_-]{0,39}")
_INTENT = re.compile(r"[^\s,]{1,80}")


def all_answers(session: Any) -> list[dict[str, Any]]:
    """Return the library, by shortcut."""
    return [as_json(one) for one in session.scalars(select(CannedAnswer).order_by("shortcut"))]


def add(session: Any, who: Identity, content: dict[str, Any]) -> dict[str, Any]:
    """Put an answer into the library; the very same one again changes nothing.

    Args:
        session: A session of `Store.write`.
        who: A supervisor.
        content: `shortcut`, `texts`, `emotions` and `intents`.

    Raises:
        RequestError: It makes no sense, or the shortcut is taken.
    """
    content = _checked(content)
    known = session.scalar(select(CannedAnswer).where(CannedAnswer.shortcut == content["shortcut"]))
    if known is not None and as_json(known) == {"id": known.id, **content}:
        return as_json(known)  # a second click
    _require_free(session, content["shortcut"], None)
    if len(all_answers(session)) >= MAX_ANSWERS:
        raise RequestError(409, "library_full", f"The library holds {MAX_ANSWERS} answers already.")
    answer = CannedAnswer(**content, changed_at=time.time(), changed_by=who.agent_id)
    session.add(answer)
    session.flush()
    return as_json(answer)


def change(session: Any, answer_id: int, who: Identity, content: dict[str, Any]) -> dict[str, Any]:
    """Replace what an answer says.

    Raises:
        RequestError: It is gone, makes no sense, or the shortcut is taken.
    """
    content = _checked(content)
    answer = _find(session, answer_id)
    _require_free(session, content["shortcut"], answer.id)
    for name, value in content.items():
        setattr(answer, name, value)
    answer.changed_at, answer.changed_by = time.time(), who.agent_id
    return as_json(answer)


def remove(session: Any, answer_id: int) -> None:
    """Take an answer out of the library; one that is gone already stays gone."""
    answer = session.get(CannedAnswer, answer_id) if answer_id < 2**31 else None
    if answer is not None:
        session.delete(answer)


def as_json(answer: CannedAnswer) -> dict[str, Any]:
    """Return what pages show."""
    return {
        "id": answer.id,
        "shortcut": answer.shortcut,
        "texts": answer.texts,
        "emotions": answer.emotions,
        "intents": answer.intents,
    }


def _find(session: Any, answer_id: int) -> CannedAnswer:
    answer: CannedAnswer | None = (
        session.get(CannedAnswer, answer_id) if answer_id < 2**31 else None
    )
    if answer is None:
        raise RequestError(404, "no_answer", "There is no such answer in the library any more.")
    return answer


def _require_free(session: Any, shortcut: str, own: int | None) -> None:
    holder = session.scalar(select(CannedAnswer.id).where(CannedAnswer.shortcut == shortcut))
    if holder not in (None, own):
        raise RequestError(
            409, "shortcut_taken", f"There is an answer /{shortcut} already.", shortcut=shortcut
        )


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    shortcut = content["shortcut"].strip().removeprefix("/").lower()
    if not _SHORTCUT.fullmatch(shortcut):
        raise RequestError(
            400, "shortcut",
            "A shortcut has up to 40 small letters, digits, Chinese characters and hyphens.",
        )  # fmt: skip
    return {
        "shortcut": shortcut,
        "texts": _texts(content["texts"]),
        "emotions": [name for name in EMOTIONS if name in _known_emotions(content["emotions"])],
        "intents": _intents(content["intents"]),
    }


def _texts(given: dict[str, str]) -> dict[str, str]:
    texts = {language: given.get(language, "").replace("\0", "").strip() for language in LANGUAGES}
    texts = {language: text for language, text in texts.items() if text}
    if not texts:
        raise RequestError(400, "empty", "Write the answer in at least one language.")
    for text in texts.values():
        if len(text) > MAX_CHARACTERS:
            raise RequestError(
                400, "too_long",
                f"The text has {len(text)} characters; {MAX_CHARACTERS} are allowed.",
                maximum=MAX_CHARACTERS,
            )  # fmt: skip
    return texts


def _known_emotions(given: list[str]) -> set[str]:
    for name in given:
        if name not in EMOTIONS:
            known = ", ".join(EMOTIONS)
            raise RequestError(400, "emotion", f"{name!r} is no emotion. Known: {known}.")
    return set(given)


def _intents(given: list[str]) -> list[str]:
    names = sorted({name.strip() for name in given if name.strip()})
    if len(names) > MAX_INTENTS or not all(_INTENT.fullmatch(name) for name in names):
        raise RequestError(
            400, "intents", f"Give up to {MAX_INTENTS} names of intents, without spaces in them."
        )
    return names
