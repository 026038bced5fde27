"""Routes for the tokens of programs."""

from __future__ import annotations

from typing import Any

from pydantic import StrictInt, StrictStr

from rasa_project.desk.http.area import Area
from rasa_project.desk.http.routing import Body, Call, Route
from rasa_project.desk.people import roles, tokens


class NewToken(Body):
    """What a program is to sign in with."""

    name: StrictStr
    role: StrictStr = roles.AGENT
    days: StrictInt = 90
    service: StrictStr | None = None


class Token(Body):
    """A token, as the list tells of it; times in seconds since 1970."""

    id: int
    name: str
    owner: str
    service: bool
    role: str
    created_at: float
    expires_at: float
    last_used_at: float | None


class Tokens(Body):
    """The tokens that are not ended, the newest first."""

    tokens: list[Token]


class MadeToken(Tokens):
    """The tokens, and the new one, which is shown this once."""

    token: str


class TokensApi(Area):
    """The routes."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(
                "GET", "/tokens", self._tokens, "List one's own tokens; an admin sees all.",
                answer=Tokens, tokens=False,
            ),
            Route(
                "POST", "/tokens", self._make_token,
                "Make a token for oneself, or as an admin for a service.",
                body=NewToken, answer=MadeToken, tokens=False,
            ),
            Route(
                "POST", "/tokens/<token_id:int>/revoke", self._revoke_token, "End a token.",
                answer=Tokens, tokens=False,
            ),
        ]  # fmt: skip

    async def _tokens(self, call: Call) -> dict[str, Any]:
        return {"tokens": await self._workshop.read(tokens.listed, call.who)}

    async def _make_token(self, call: Call) -> dict[str, Any]:
        body = call.body
        token, _ = await self._workshop.write(
            tokens.make, call.who, body.name, body.role, body.days, body.service
        )
        return {**await self._tokens(call), "token": token}

    async def _revoke_token(self, call: Call, token_id: int) -> dict[str, Any]:
        await self._workshop.write(tokens.revoke, call.who, token_id)
        return await self._tokens(call)
