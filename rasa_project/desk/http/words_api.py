"""The route that tells which words moved a message's emotion."""

from __future__ import annotations

from typing import Any

from rasa_project.desk.errors import RequestError
from rasa_project.desk.http import answers
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Call, Route
from rasa_project.desk.insight import words


class WordsApi(Area):
    """The route."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/messages/<message_id:int>/words"
        return [
            Route("GET", path, self._words, "Tell which words moved an emotion.",
                  answer=answers.Words)
        ]  # fmt: skip

    async def _words(self, _call: Call, message_id: int) -> dict[str, Any]:
        text, label = await self._workshop.read(words.question, message_id)
        found = words.read(await self._workshop.rasa.explain(text, label), text)
        if found is None:
            raise RequestError(409, "unexplained", "The emotion model cannot be asked here.")
        return {"message": message_id, "text": text, **found}
