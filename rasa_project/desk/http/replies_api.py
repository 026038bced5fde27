"""Routes for the desk's library of answers, and for what fits a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import Field, StrictStr

from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.http.workshop import Workshop
from rasa_project.desk.people import roles
from rasa_project.desk.replies import canned, suggestions
from rasa_project.desk.replies.past_answers import PastAnswers


class Canned(Body):
    """An answer of the library; `texts` maps `en` and `zh` to it."""

    shortcut: StrictStr
    texts: dict[StrictStr, StrictStr]
    emotions: list[StrictStr] = Field(default=[], max_items=20)
    intents: list[StrictStr] = Field(default=[], max_items=50)


class RepliesApi(Area):
    """The routes."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._store = workshop.store
        self._past = PastAnswers()

    def routes(self) -> list[Route]:
        """Return the routes."""
        one = "/canned-answers/<answer_id:int>"
        return [
            Route("GET", "/canned-answers", self._library, "List the library of answers.",
                  answer=answers.Library),
            Route("GET", "/tickets/<ticket_id:int>/suggestions", self._suggestions,
                  "Suggest up to three answers.", answer=answers.Suggestions),
            Route("POST", "/canned-answers", self._add_answer, "Put an answer into the library.",
                  roles.SUPERVISOR, Canned, answer=answers.SavedAnswer),
            Route("PUT", one, self._change_answer, "Replace an answer of the library.",
                  roles.SUPERVISOR, Canned, answer=answers.SavedAnswer),
            Route("DELETE", one, self._remove_answer, "Take an answer out of the library.",
                  roles.SUPERVISOR),
        ]  # fmt: skip

    async def _library(self, _call: Call) -> dict[str, Any]:
        return {"answers": await self._workshop.read(canned.all_answers)}

    async def _suggestions(self, _call: Call, ticket_id: int) -> dict[str, Any]:
        found = await self._workshop.read(suggestions.suggest, self._past, ticket_id)
        return {"suggestions": found}

    async def _add_answer(self, call: Call) -> dict[str, Any]:
        return {"answer": await self._write(canned.add, call.who, call.body.dict())}

    async def _change_answer(self, call: Call, answer_id: int) -> dict[str, Any]:
        return {"answer": await self._write(canned.change, answer_id, call.who, call.body.dict())}

    async def _remove_answer(self, _call: Call, answer_id: int) -> dict[str, Any]:
        await self._write(canned.remove, answer_id)
        return {}

    async def _write(self, change: Callable[..., Any], *values: Any) -> Any:
        def write() -> Any:
            with self._store.write() as session:
                return change(session, *values)

        return await asyncio.to_thread(write)
