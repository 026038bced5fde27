"""Explanations by a real emotion model, in a runner as Rasa's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Sanic

from emotion_component import classifier
from emotion_component.rasa_nlu import EmotionClassifier
from rasa_project.channels.explanations import ExplanationInput, emotion_classifier
from tests.ports import free_ports

TOKEN = "a token of the tests"
TEXT = "my parcel is late again, this is infuriating"


def agent(folder: Path) -> Any:
    """Rasa's agent, as far as it holds components; the model is the shipped one."""
    node = SchemaNode(
        needs={}, uses=EmotionClassifier, constructor_name="create", fn="process",
        config={}, eager=True,
    )  # fmt: skip
    schema = GraphSchema({"emotion": node})
    storage = LocalModelStorage.create(folder)
    runner = DaskGraphRunner.create(schema, storage, ExecutionContext(schema))
    found = SimpleNamespace(processor=SimpleNamespace(graph_runner=runner))
    component = emotion_classifier(found)
    assert component is not None
    component._model = classifier.load()
    return found


@pytest.fixture
async def app() -> AsyncIterator[Sanic]:
    """A server with the channel, and no agent yet."""
    Sanic.test_mode = True  # several servers, one after the other, in one process
    app = Sanic("explanations-tests", configure_logging=False)
    channel = ExplanationInput.from_credentials({"token": TOKEN})

    async def nobody(_message: Any) -> None:
        raise AssertionError("no customer speaks here")

    app.blueprint(channel.blueprint(nobody), url_prefix="/webhooks/attune")
    app.ctx.port = free_ports(1)[0]
    app.ctx.agent = None
    server: Any = await app.create_server(
        host="127.0.0.1", port=app.ctx.port, return_asyncio_server=True, access_log=False
    )
    await server.startup()
    yield app
    server.close()
    for connection in list(server.connections):
        connection.abort()
    await asyncio.wait_for(server.wait_closed(), 10)


async def ask(app: Sanic, body: Any, token: str = TOKEN) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{app.ctx.port}/webhooks/attune/explain"
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, json=body, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


async def test_the_loaded_model_says_which_words_mattered(app: Sanic, tmp_path: Path) -> None:
    assert (await ask(app, {"text": TEXT}))[0] == 404
    app.ctx.agent = agent(tmp_path)
    status, found = await ask(app, {"text": TEXT, "label": "anger"})
    heaviest = max(found["tokens"], key=lambda token: token["weight"])
    assert (status, found["label"], heaviest["text"]) == (200, "anger", "infuriating")
    refused = [
        await ask(app, {"text": TEXT}, token="another"),
        await ask(app, {"text": TEXT, "label": "rage"}),
        await ask(app, {"text": 7}),
        await ask(app, [TEXT]),
        await ask(app, {"text": "x" * 20_001}),
    ]
    assert [status for status, _ in refused] == [401, 400, 400, 400, 400]
    assert all(body["error"] for _, body in refused)


@pytest.mark.parametrize("credentials", [None, {}, {"token": 7}, {"token": "short"}])
def test_without_a_token_it_does_not_start(credentials: Any) -> None:
    with pytest.raises(InvalidConfigException, match="token"):
        ExplanationInput.from_credentials(credentials)
