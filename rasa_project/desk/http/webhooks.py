"""Where other help desks send their webhooks: `POST /connectors/<name>`.

No session and no CSRF header here: the signature over the raw body says who it is.
"""

from __future__ import annotations

from typing import Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from rasa_project.desk.connectors.inbox import ConnectorInbox
from rasa_project.desk.errors import RequestError
from rasa_project.webhooks.body import read_body
from rasa_project.webhooks.errors import Refused

MAX_BYTES: Final = 1024 * 1024  # Zammad sends tickets with all their users


def blueprint(inbox: ConnectorInbox, names: frozenset[str]) -> Blueprint:
    """Make the route."""
    webhooks = Blueprint("webhooks", url_prefix="/connectors")

    async def take(request: Request, name: str) -> HTTPResponse:
        body = await read_body(request, MAX_BYTES)
        if body is None:
            raise RequestError(413, "too_large", f"More than {MAX_BYTES} bytes are not taken.")
        if name not in names:
            raise RequestError(404, "no_connector", "There is no connector of this name.")
        headers = {key.lower(): value for key, value in request.headers.items()}
        try:
            delivery = await inbox.receive(name, headers, body)
        except Refused as error:
            raise RequestError(error.status, "webhook", str(error)) from error
        return json(dict(delivery.answer))

    # As a stream, for a limit of its own: the desk's pages never send as much.
    webhooks.add_route(take, "/<name:str>", methods=["POST"], stream=True)
    return webhooks
