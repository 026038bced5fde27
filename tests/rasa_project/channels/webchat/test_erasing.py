"""One customer's chat erased by the command, while the server runs and others chat."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from rasa.core.agent import Agent

from rasa_project import attune
from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.webchat.serving import SECRET, Server, StockClient, serve
from tests.rasa_project.channels.webchat.test_files import Customer

pytestmark = pytest.mark.services

SHOP = "the shop's own secret, which is long enough"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose channel keeps everything in it."""
    monkeypatch.delenv("ATTUNE_HOME", raising=False)
    monkeypatch.setenv("ATTUNE_WEBCHAT_SECRET", SECRET)
    (tmp_path / "credentials.yml").write_text(
        "rasa_project.channels.webchat.WebChatInput:\n"
        "  secret: ${ATTUNE_WEBCHAT_SECRET}\n"
        f"  store: sqlite:///{tmp_path}/webchat.db\n"
        f"  files: {{folder: {tmp_path}/files}}\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
async def server(agent: Agent, project: Path) -> AsyncIterator[Server]:
    options = {
        "store": f"sqlite:///{project}/webchat.db", "files": {"folder": f"{project}/files"},
        "identity": {"secret": SHOP},
    }  # fmt: skip
    async with serve(agent, options=options) as server:
        yield server


async def erase(project: Path, *words: str) -> int:
    # In a thread, because the command has an event loop of its own.
    return await asyncio.to_thread(attune.main, ["erase", "--project", str(project), *words])


def identity(customer: str) -> str:
    now = int(time.time())
    return jwt.encode({"sub": customer, "iat": now, "exp": now + 300}, SHOP, algorithm="HS256")


async def test_a_customers_words_files_and_sessions_are_gone_and_nobody_elses(
    server: Server, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana, li = Customer(server), Customer(server)
    await ana.enter()
    await li.enter()
    for customer in (ana, li):
        _, kept = await customer.upload(samples.picture())
        assert (await customer.send("order", [kept["id"]]))["status"] == "accepted"
        await customer.line.heard(1)
    guest = ana.conversation
    ana.opened = await ana.line.open(server.url, ana.token, identity=identity("c-7"))
    ana.line.ended = asyncio.get_running_loop().create_future()  # that of the guest is over
    shown = (await ana.line.history())[0]["files"][0]["src"]

    assert await erase(project, "--customer", "c-7", "--dry-run") == 0
    assert guest in capsys.readouterr().out
    assert await erase(project, "--customer", "c-7", "--json", "--yes") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["messages"], len(told["files"]), guest in told["conversations"]) == (2, 1, True)
    assert await asyncio.wait_for(ana.line.ended, 30) == "logged_out"
    assert (await ana.fetch(shown)).status == 404
    again = await StockClient().open(server.url, ana.token)
    assert (again["reason"], again["messages"]) == ("over", [])
    on_disk = [path for path in (project / "files").glob("??/*") if path.is_file()]
    assert (len(on_disk), len(await li.line.history())) == (1, 2)
    for customer in (ana, li):
        await customer.leave()


async def test_an_unknown_customer_is_said_to_be_unknown(
    server: Server, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("--customer", "nobody"), ("--conversation", "nobody")):
        assert await erase(project, *words) == 1
    said = capsys.readouterr().err
    assert ("no customer 'nobody'" in said, "no conversation 'nobody'" in said) == (True, True)


async def test_a_guest_is_erased_by_the_conversation(
    server: Server, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guest: dict[str, Any] = {}
    line = StockClient()
    guest = await line.open(server.url)
    await line.ask("order")
    assert await erase(project, "--conversation", guest["thread"], "--yes") == 0
    assert "Erased: 2 messages" in capsys.readouterr().out
    await line.leave()
