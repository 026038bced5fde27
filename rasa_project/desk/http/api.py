"""The desk's HTTP API under /api; every answer is JSON, every error `{"error": sentence}`."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint

from rasa_project.desk.http import openapi, routing
from rasa_project.desk.http.area import Area
from rasa_project.desk.http.audit_api import AuditApi
from rasa_project.desk.http.casework_api import CaseworkApi
from rasa_project.desk.http.connectors_api import ConnectorsApi
from rasa_project.desk.http.dashboard_api import DashboardApi
from rasa_project.desk.http.files_api import FilesApi
from rasa_project.desk.http.floor_api import FloorApi
from rasa_project.desk.http.openid_api import OpenIdApi
from rasa_project.desk.http.people_api import PeopleApi
from rasa_project.desk.http.presence_api import PresenceApi
from rasa_project.desk.http.queue_api import QueueApi
from rasa_project.desk.http.replies_api import RepliesApi
from rasa_project.desk.http.routing import ANYONE, Call, Route
from rasa_project.desk.http.sign_in_api import SignInApi
from rasa_project.desk.http.tickets_api import TicketsApi
from rasa_project.desk.http.tokens_api import TokensApi
from rasa_project.desk.http.words_api import WordsApi
from rasa_project.desk.http.workshop import Workshop

AREAS: tuple[type[Area], ...] = (
    SignInApi, OpenIdApi, PeopleApi, TokensApi, AuditApi,
    TicketsApi, QueueApi, CaseworkApi, RepliesApi, WordsApi, DashboardApi, FloorApi,
    ConnectorsApi, FilesApi, PresenceApi,
)  # fmt: skip


def routes(workshop: Workshop) -> list[Route]:
    """Return all routes of all areas, and the one that describes them."""
    found = [route for area in AREAS for route in area(workshop).routes()]
    description: dict[str, Any] = {}

    async def describe(_call: Call) -> dict[str, Any]:
        return description

    found.append(Route("GET", "/openapi.json", describe, "Describe the API.", ANYONE))
    description.update(openapi.describe(found))
    return found


def blueprint(workshop: Workshop) -> Blueprint:
    """Make Sanic's routes."""
    return routing.blueprint(routes(workshop), workshop.store, workshop.door)
