"""Notes, tags, corrections and the library over the API of a running desk."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.rasa_project.desk.desk_process import HEADERS, DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = pytest.mark.services


async def send(person: Person, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    url = f"{person.desk.url}/api/{path}"
    async with person.http.request(method, url, json=body, headers=HEADERS) as answer:
        return answer.status, await answer.json()


async def test_a_ticket_is_noted_tagged_corrected_resolved_and_exported(
    desk: DeskProcess, rasa: RasaLike, li: Person, tmp_path: Path
) -> None:
    await rasa.add(
        "c", user("oh great, order A1042 is late again", emotion("joy", 0.7, 0.6)), *handoff()
    )
    await li.wait_for_tickets(1)
    cookies = {cookie.key: cookie.value for cookie in li.http.cookie_jar}
    live, told = socketio.AsyncClient(), asyncio.Queue[Any]()
    live.on("casework", told.put)
    headers = {"Cookie": f"attune_desk={cookies['attune_desk']}"}
    await live.connect(desk.url, transports=["polling"], headers=headers)

    noted = await li.post("tickets/1/notes", {"id": "note-0001", "text": "called them"})
    assert (noted[0], noted[1]["notes"][0]["agent"]) == (200, "Li")
    assert await asyncio.wait_for(told.get(), 10) == [1]
    await live.disconnect()
    tagged = await send(li, "PUT", "tickets/1/tags", {"tags": ["late"]})
    judged = await send(li, "PUT", "tickets/1/verdict", {"verdict": "earlier"})
    corrected = await send(li, "PUT", "messages/1/emotion", {"emotion": "anger"})
    assert (tagged[1]["tags"], judged[1]["verdict"]) == (
        ["late"],
        {"verdict": "earlier", "agent": "Li"},
    )
    assert corrected == (200, {"message": 1, "emotion": "anger"})
    assert await li.get("tags") == (200, {"tags": ["late"]})

    assert (await li.get("messages/1/words"))[1]["code"] == "unexplained"  # this Rasa cannot

    await li.post("tickets/1/claim")
    body = {"note": "", "outcome": "advised", "detail": "sent the link"}
    assert (await li.post("tickets/1/resolve", body))[0] == 200
    _, found = await li.get("tickets/1/casework")
    assert found["outcome"] == {"kind": "advised", "detail": "sent the link"}
    assert [step["name"] for step in found["tried"]] == ["talk"]
    assert found["summary"]["facts"] == [{"kind": "reference", "text": "A1042"}]

    files = [tmp_path / "emotions.jsonl", tmp_path / "handoffs.jsonl"]
    status, output = await desk.run(
        "export-corrections", str(files[0]), "--handoffs", str(files[1])
    )
    assert (status, len(output.splitlines())) == (0, 2)
    rows = [json.loads(file.read_text()) for file in files]
    assert [rows[0]["label"], rows[0]["predicted"], rows[1]["verdict"]] == [
        "anger", "joy", "earlier",
    ]  # fmt: skip
    status, output = await desk.run("export-corrections", str(tmp_path / "no" / "such" / "file"))
    assert (status, "Traceback" in output) == (1, False)


async def test_the_library_is_everybodys_and_supervisors_write_it(
    desk: DeskProcess, li: Person
) -> None:
    ana = Person(desk)
    await ana.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    answer = {"shortcut": "hours", "texts": {"zh": "九点开门"}, "emotions": [], "intents": []}
    refused = await ana.post("canned-answers", answer)
    status, added = await li.post("canned-answers", answer)
    one = added["answer"]
    _, library = await ana.get("canned-answers")
    assert (refused[1]["code"], status, one in library["answers"]) == ("role", 200, True)
    path = f"canned-answers/{one['id']}"
    changed = {**answer, "texts": {"en": "We open at nine."}}
    assert await send(li, "PUT", path, changed) == (200, {"answer": {"id": one["id"], **changed}})
    assert (await send(ana, "DELETE", path))[0] == 403
    assert await send(li, "DELETE", path) == (200, {})
    assert (await send(li, "PUT", path, changed))[1]["code"] == "no_answer"
    await ana.close()


async def test_bad_requests_get_a_sentence(li: Person) -> None:
    tried = [
        await li.get("tickets/1/casework"),
        await li.post("tickets/1/notes", {"id": "note-0001", "text": "x"}),
        await li.post("tickets/1/notes", {"id": "note-0001"}),
        await send(li, "PUT", "tickets/1/tags", {"tags": [1]}),
        await send(li, "PUT", "tickets/1/verdict", {"verdict": "maybe"}),
        await send(li, "PUT", "messages/1/emotion", {"emotion": "rage"}),
        await send(li, "PUT", "messages/1/emotion", {"emotion": None}),
        await li.post("tickets/1/resolve", {"note": "", "outcome": "won"}),
        await li.post("canned-answers", {"shortcut": "a", "texts": ["b"]}),
    ]
    assert [status for status, _ in tried] == [404, 404, 400, 400, 400, 400, 404, 400, 400]
    assert all(body["error"] for _, body in tried)
