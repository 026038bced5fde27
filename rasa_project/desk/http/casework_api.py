"""Routes for what agents note about tickets, and for what they correct."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field, StrictStr

from rasa_project.desk.corrections import corrections
from rasa_project.desk.corrections.verdicts import EMOTIONS, VERDICTS
from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.insight.casework import casework
from rasa_project.desk.tickets import notes
from rasa_project.desk.tickets.changes import Changes


class InternalNote(Body):
    """A note for colleagues; the page makes the id, so that saving it again never doubles it."""

    id: StrictStr
    text: StrictStr


class Tags(Body):
    """All tags of a ticket."""

    tags: list[StrictStr] = Field(max_items=50)


class CorrectedEmotion(Body):
    """What the customer felt; null takes a correction back."""

    emotion: Literal[EMOTIONS] | None  # type: ignore[valid-type]  # a tuple of literals


class Verdict(Body):
    """Whether the ticket came rightly; null takes the verdict back."""

    verdict: Literal[VERDICTS] | None  # type: ignore[valid-type]  # a tuple of literals


class CaseworkApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        one = "/tickets/<ticket_id:int>"
        return [
            Route("GET", f"{one}/casework", self._casework, "Tell what is around a conversation.",
                  answer=answers.Casework),
            Route("POST", f"{one}/notes", self._note, "Keep a note for colleagues.",
                  body=InternalNote, answer=answers.Casework),
            Route("PUT", f"{one}/tags", self._tag, "Give a conversation its tags.", body=Tags,
                  answer=answers.Casework),
            Route("GET", "/tags", self._tags, "List the tags in use, the most used first.",
                  answer=answers.TagList),
            Route("PUT", f"{one}/verdict", self._judge, "Say whether a handoff was right.",
                  body=Verdict, answer=answers.Casework),
            Route("PUT", "/messages/<message_id:int>/emotion", self._correct,
                  "Correct the emotion of a customer's message.", body=CorrectedEmotion,
                  answer=answers.CorrectedMessage),
        ]  # fmt: skip

    async def _casework(self, _call: Call, ticket_id: int) -> dict[str, Any]:
        return dict(await self._workshop.read(casework, ticket_id))

    async def _note(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(notes.write, ticket_id, call.who, call.body.id, call.body.text)

    async def _tag(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(notes.tag, ticket_id, call.who, call.body.tags)

    async def _tags(self, _call: Call) -> dict[str, Any]:
        return {"tags": await self._workshop.read(notes.known_tags)}

    async def _judge(self, call: Call, ticket_id: int) -> dict[str, Any]:
        return await self._changed(corrections.judge, ticket_id, call.who, call.body.verdict)

    async def _correct(self, call: Call, message_id: int) -> dict[str, Any]:
        emotion = call.body.emotion
        await self._workshop.change(corrections.correct, message_id, call.who, emotion)
        return {"message": message_id, "emotion": emotion}

    async def _changed(
        self, change: Callable[..., Changes], ticket_id: int, *values: Any
    ) -> dict[str, Any]:
        await self._workshop.change(change, ticket_id, *values)
        return dict(await self._workshop.read(casework, ticket_id))
