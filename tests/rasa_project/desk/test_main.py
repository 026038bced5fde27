"""The desk as a process: how it starts, how it does not, and what a kill leaves."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from pathlib import Path

import pytest

from rasa_project.desk import server
from tests.ports import free_ports
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = pytest.mark.services

KILLS = 8


async def test_a_missing_setting_ends_the_start_with_a_sentence(desk: DeskProcess) -> None:
    status, output = await desk.run(ATTUNE_RASA_URL="")
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith("The environment variable ATTUNE_RASA_URL is not set.")


async def test_a_taken_port_ends_the_start_with_a_sentence(desk: DeskProcess) -> None:
    status, output = await desk.run()
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"The desk cannot listen on 127.0.0.1:{desk.port}: Address already")


async def test_a_broken_database_ends_the_start_with_a_sentence(
    desk: DeskProcess, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("a shopping list, " * 100)
    port = str(free_ports(1)[0])
    status, output = await desk.run(ATTUNE_DESK_DB=f"sqlite:///{broken}", ATTUNE_DESK_PORT=port)
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"The desk's database {broken} cannot be used: file is not a database")


async def test_a_second_desk_on_the_same_database_is_refused(desk: DeskProcess) -> None:
    status, output = await desk.run(ATTUNE_DESK_PORT=str(free_ports(1)[0]))
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"Another desk process uses the database {desk.folder / 'desk.db'}.")


async def test_it_stops_cleanly_and_keeps_a_password_that_was_chosen(
    desk: DeskProcess, li: Person
) -> None:
    assert await desk.end(signal.SIGINT) == 0
    told = desk.output.count("ONE_TIME_PASSWORD")
    await desk.start()
    assert desk.output.count("ONE_TIME_PASSWORD") == told == 1
    assert (await li.get("me"))[0] == 200
    assert "Traceback" not in desk.output


async def test_an_unused_one_time_password_is_replaced_at_the_next_start(desk: DeskProcess) -> None:
    first = desk.one_time_password()
    await desk.end()
    await desk.start()
    assert desk.one_time_password() != first


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    desk: DeskProcess, rasa: RasaLike, li: Person
) -> None:
    chance = random.Random(20)
    await rasa.add("c", user("customer 0", emotion()), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    path = f"tickets/{ticket['id']}"
    await li.post(f"{path}/claim")
    said = ["Li has joined the chat and has read what you wrote."]
    heard = ["customer 0"]
    for number in range(1, KILLS + 1):
        # What the desk acknowledged must arrive, whatever happens to it afterwards.
        for part in "ab":
            text = f"agent {number}{part}"
            body = {"id": f"message-{number}{part}", "text": text}
            assert (await li.post(f"{path}/messages", body))[0] == 200
            said.append(text)
        await asyncio.sleep(chance.random() * 0.05)
        await desk.end(signal.SIGKILL)
        await rasa.add("c", user(f"customer {number}"))
        heard.append(f"customer {number}")
        await desk.start()
    for _ in range(600):
        _, detail = await li.get(path)
        messages = detail["messages"]
        customer = [entry["text"] for entry in messages if entry["sender"] == "customer"]
        waiting = [entry for entry in messages if entry["delivery"] not in {None, "sent"}]
        if customer == heard and not waiting:
            break
        await asyncio.sleep(0.05)
    assert (customer, waiting) == (heard, [])
    assert await rasa.bot_texts("c") == said
    shown = [entry["text"] for entry in messages if entry["sender"] in {"agent", "system"}]
    assert (shown, detail["ticket"]["state"]) == (said, "agent")
    assert len(await li.tickets()) == 1


async def test_work_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    async def stubborn() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    work = [asyncio.create_task(stubborn()) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.wait_for(server._end(work), 10)
    assert all(task.cancelled() for task in work)
