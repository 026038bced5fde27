"""The description of the API, and a running desk held against it."""

from __future__ import annotations

import asyncio
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.rasa_project.desk.desk_process import HEADERS, DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = [pytest.mark.services, pytest.mark.slow]

EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# They would end the session that the others need.
ENDING = {"sign_out", "sign_out_everywhere"}


async def test_the_description_names_who_may_ask_what(desk: DeskProcess, li: Person) -> None:
    status, described = await li.get("openapi.json")
    assert (status, described["openapi"]) == (200, "3.1.0")
    claim = described["paths"]["/api/tickets/{ticket_id}/claim"]["post"]
    assert (claim["description"], claim["security"]) == (
        "Role: agent.",
        [{"token": []}, {"session": [], "page": []}],
    )
    assert claim["parameters"] == [
        {
            "name": "ticket_id",
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        }
    ]
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["summary"].endswith(".")
            assert sorted(operation["responses"].keys() - {"302"}) == ["200", "default"]


@pytest.mark.parametrize("program", [True, False], ids=["token", "session"])
async def test_the_running_desk_keeps_to_its_description_and_never_breaks(
    desk: DeskProcess, rasa: RasaLike, li: Person, program: bool
) -> None:
    await rasa.add("c", user("help", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    await li.post(f"tickets/{ticket['id']}/claim")
    if program:
        _, made = await li.post("tokens", {"name": "fuzz", "role": "admin"})
        headers = {"Authorization": f"Bearer {made['token']}"}
    else:
        (cookie,) = [each for each in li.http.cookie_jar if each.key == "attune_desk"]
        headers = {**HEADERS, "Cookie": f"attune_desk={cookie.value}"}
    _, described = await li.get("openapi.json")
    tried = await asyncio.to_thread(_try_all, described, desk.url, headers, program)
    assert (tried > 20 if program else tried > 5) is True
    assert "Traceback" not in desk.output


def _try_all(described: dict[str, Any], url: str, headers: dict[str, str], program: bool) -> int:
    """Send valid and broken requests to each operation; return to how many."""
    schema = schemathesis.openapi.from_dict(described)
    tried = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # broken: fails here
        raw = operation.definition.raw
        for_program = {"token": []} in raw["security"]
        if raw["operationId"] in ENDING or for_program is not program:
            continue
        for mode in schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE:
            _try(operation, mode, url, headers)
        tried += 1
    return tried


def _try(operation: Any, mode: Any, url: str, headers: dict[str, str]) -> None:
    try:
        strategy = operation.as_strategy(generation_mode=mode)
    except hypothesis.errors.Unsatisfiable:  # nothing that could be broken
        return

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def holds(case: Any) -> None:
        case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)

    try:
        holds()
    except hypothesis.errors.Unsatisfiable:
        return
