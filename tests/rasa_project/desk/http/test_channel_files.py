"""What the desk asks of the channel that a customer is on: their files, and the sign of typing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rasa_project.desk.desk_process import Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = pytest.mark.services

CONVERSATION = "telegram:4711"
PICTURE = b"\x89PNG of a mug"
PENDING = "This file is not here yet: Telegram answered 503. It is fetched as soon as that works."


def sent(**attachment: Any) -> dict[str, Any]:
    """A customer's picture as a messaging channel tells of it."""
    file = {"kind": "image", "stored": True, "channel": "telegram", **attachment}
    event = user("📷", emotion(), attachments=[file])
    return {**event, "input_channel": "telegram"}


async def fetch(person: Person, message: int) -> tuple[int, bytes]:
    url = f"{person.desk.url}/api/messages/{message}/files/0"
    async with person.http.get(url) as answer:
        return answer.status, await answer.read()


async def test_a_customers_file_is_fetched_from_their_channel_or_the_agent_is_told_why_not(
    rasa: RasaLike, li: Person
) -> None:
    rasa.files = {
        "a1": (200, PICTURE),
        "a2": (503, {"error": PENDING, "reason": "file_pending"}),
        "a3": (404, {"error": "This file was not kept: it is empty."}),
    }
    forged = [sent(id="../../../conversations/x/tracker"), sent(id="a1", channel="../evil")]
    events = [sent(id=name) for name in rasa.files]
    await rasa.add(CONVERSATION, *events, *forged, *handoff())
    await li.wait_for_tickets(1)
    assert await fetch(li, 1) == (200, PICTURE)
    answers = [await li.get(f"messages/{number}/files/0") for number in (2, 3, 4)]
    assert [(status, body.get("code"), body.get("error")) for status, body in answers] == [
        (409, "file_pending", PENDING),
        (404, "no_file", "This file was not kept: it is empty."),
        (404, "no_file", "There is no such file."),
    ]
    # Without a channel of its own it is the web chat's.
    await fetch(li, 5)
    asked = [("telegram/desk/files/" + name, CONVERSATION) for name in rasa.files]
    assert rasa.asked == [*asked, ("webchat/desk/files/a1", CONVERSATION)]


async def test_who_has_a_conversation_is_seen_to_write_on_the_customers_channel(
    rasa: RasaLike, li: Person
) -> None:
    await rasa.add(CONVERSATION, sent(id="a1"), *handoff())
    await li.wait_for_tickets(1)
    typing = ("tickets/1/presence", {"typing": True, "looking": True})
    assert await li.post(*typing) == (200, {"known": False})  # it is nobody's yet
    await li.post("tickets/1/claim")
    assert await li.post(*typing) == (200, {"known": False})
    assert await li.post(typing[0], {"looking": True}) == (200, {"known": False})
    assert rasa.asked == [("telegram/desk/presence", f"{CONVERSATION} typing")]
