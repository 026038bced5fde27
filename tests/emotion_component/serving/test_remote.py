"""Judging through a model server, and what happens when it fails."""

from __future__ import annotations

import gc
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emotion_component import artifact
from emotion_component.classifier import SHIPPED_WEIGHTS, EmotionModel, load
from emotion_component.errors import ConfigurationError, ServedModelError, ServingError
from emotion_component.serving import exporting, fallback, remote
from emotion_component.serving.fallback import FallbackGraph
from emotion_component.serving.graph import BATCH_SIZE, Graph
from emotion_component.serving.remote import RemoteGraph, Server
from tests.emotion_component.model_server import ModelServer
from tests.emotion_component.model_server import serving as serve
from tests.ports import free_ports

ROOT = Path(__file__).parents[3]
TEXTS = ["thank you so much!", "气死我了", "", 'quotes " \\ \x00 \ud800', "x" * 5_000]
# A machine under test can be slow; where a time-out is not the matter, it is generous.
PATIENT = 20.0
BUNDLE = artifact.open_bundle(SHIPPED_WEIGHTS)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exporting.export(tmp_path_factory.mktemp("served"), warm_up=False).path


@pytest.fixture(scope="module")
def running(version: Path) -> Iterator[ModelServer]:
    with serve(version) as server:
        yield server


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    running.behave()
    running.requests.clear()
    return running


@pytest.fixture(scope="module")
def local() -> Graph:
    return Graph(BUNDLE.saved_model, "cpu")


def client_of(url: str, timeout: float = PATIENT) -> RemoteGraph:
    where = Server(url, timeout=timeout)
    return RemoteGraph(where, remote.identity(BUNDLE), remote.heads(BUNDLE.card))


@pytest.fixture
def client(server: ModelServer) -> Iterator[RemoteGraph]:
    client = client_of(server.url)
    yield client
    client.close()


@pytest.mark.parametrize("rows", [0, 1, 3, BATCH_SIZE + 1])
def test_the_server_gives_what_the_local_model_gives(
    client: RemoteGraph, local: Graph, rows: int
) -> None:
    texts = (TEXTS * rows)[:rows]

    given, expected = client.run(texts), local.run(texts)

    assert given.keys() == remote.heads(BUNDLE.card).keys()
    for head, values in given.items():
        np.testing.assert_allclose(values, expected[head], atol=1e-5)


def test_odd_strings_reach_the_server_as_they_reach_the_local_model(
    client: RemoteGraph, local: Graph
) -> None:
    given, expected = client.run(TEXTS), local.run(TEXTS)

    np.testing.assert_allclose(given["service"], expected["service"], atol=1e-5)


def test_the_connection_is_kept_and_opened_anew_when_the_server_has_closed_it(
    client: RemoteGraph, server: ModelServer
) -> None:
    opened = server.connections
    for _ in range(5):
        client.run(["hello"])
    assert server.connections == opened + 1

    server.cut()
    client.run(["hello"])
    assert server.connections == opened + 2


def drop_head(outputs: dict[str, Any]) -> Any:
    return {name: values for name, values in outputs.items() if name != "goemotions"}


def replace(head: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda outputs: {**outputs, head: value}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an error of the server": ({"status": 500}, "answered HTTP 500"),
    "no JSON": ({"raw": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsoup"}, "does not name"),
    "no HTTP": ({"raw": b"soup\r\n\r\n"}, "cannot be reached"),
    "a cut answer": (
        {"raw": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"},
        "cannot be reached",
    ),
    "nothing": ({"raw": b""}, "cannot be reached"),
    "a list": ({"outputs": lambda outputs: [1, 2]}, "does not name"),
    "a head too few": ({"outputs": drop_head}, "no usable head goemotions"),
    "a row too many": ({"outputs": replace("intensity", [[0.1], [0.2]])}, "the shape (2, 1)"),
    "words for figures": ({"outputs": replace("intensity", [["much"]])}, "no usable head"),
    "not a number": ({"outputs": replace("intensity", [[float("nan")]])}, "no probabilities"),
    "no probability": ({"outputs": replace("intensity", [[1.5]])}, "no probabilities"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_a_failure_that_says_what_is_wrong(
    client: RemoteGraph, server: ModelServer, kind: str
) -> None:
    behaviour, says = WRONG[kind]
    server.behave(**behaviour)

    with pytest.raises(ServingError) as caught:
        client.run(["hello"])

    assert str(caught.value).startswith(f"The model server at {server.url}/v1/models/emotion:pred")
    assert says in str(caught.value)


def test_an_answer_without_end_is_not_read_to_its_end(
    client: RemoteGraph, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "LARGEST_ANSWER", 1_000)

    with pytest.raises(ServingError, match="sent more than 1000 bytes"):
        client.run(["hello"] * 10)


def test_another_model_is_told_by_its_name(client: RemoteGraph, server: ModelServer) -> None:
    server.behave(outputs=replace("model", ["other@0123456789"]))

    with pytest.raises(ServedModelError) as caught:
        client.run(["hello"])

    ours = f"{BUNDLE.card['name']}@{BUNDLE.fingerprint[:6]}"
    assert f"serves other@012345, not {ours}, whose labels" in str(caught.value)


SLOW: dict[str, dict[str, Any]] = {
    "a late answer": {"delay": 1.5},
    "a trickling answer": {"raw": b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + b" " * 60},
}


@pytest.mark.parametrize("kind", SLOW)
def test_the_time_out_holds_for_the_whole_answer(server: ModelServer, kind: str) -> None:
    client = client_of(server.url, timeout=0.3)
    server.behave(**SLOW[kind])

    began = time.monotonic()
    with pytest.raises(ServingError, match=r"did not answer within 0\.3 s"):
        client.run(["hello"])

    assert time.monotonic() - began < 1.0
    client.close()


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == fallback.__name__
    ]


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def test_an_outage_is_one_warning_and_its_end_one_line(
    version: Path, local: Graph, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback, "FIRST_RETRY", 0.05)
    expected = local.run(["hello"])["service"]
    caplog.set_level(logging.INFO, "emotion_component")
    server = ModelServer(version)
    server.start()
    graph = FallbackGraph(client_of(server.url), local)
    assert graph.served

    server.stop()
    for _ in range(3):
        np.testing.assert_array_equal(graph.run(["hello"])["service"], expected)
    assert [level for level, _ in lines(caplog)] == ["WARNING"]
    assert lines(caplog)[0][1].endswith("The local emotion model answers until that is over.")

    server.start()
    wait_until(lambda: graph.served)
    server.requests.clear()
    graph.run(["hello"])
    assert server.requests[-1]["inputs"] == {"text": ["hello"]}
    address = f"{server.url}/v1/models/emotion:predict"
    assert lines(caplog)[1:] == [("INFO", f"The model server at {address} is back.")]
    graph.close()
    server.stop()


def test_while_a_server_is_lost_no_message_waits_for_it(
    server: ModelServer, local: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback, "FIRST_RETRY", 0.01)
    server.behave(delay=3.0)
    graph = FallbackGraph(client_of(server.url, timeout=0.5), local)
    asked: list[str] = []
    monkeypatch.setattr(
        graph._remote, "run", lambda texts: asked.extend(texts)
    )  # counts what a message would wait for

    for _ in range(3):
        graph.run(["hello"])

    assert not graph.served
    assert asked == []
    graph.close()


def test_a_server_that_comes_back_with_another_model_is_not_used_and_named(
    server: ModelServer,
    local: Graph,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fallback, "FIRST_RETRY", 0.05)
    caplog.set_level(logging.INFO, "emotion_component")
    server.behave(status=503)
    graph = FallbackGraph(client_of(server.url), local)

    server.behave(outputs=replace("model", ["other@0123456789"]))
    wait_until(lambda: len(lines(caplog)) == 2)
    requests = len(server.requests)
    wait_until(lambda: len(server.requests) > requests + 1)

    (_, first), (_, second) = lines(caplog)
    assert "answered HTTP 503" in first
    assert "serves other@012345" in second
    assert not graph.served
    graph.close()


def test_a_forgotten_model_ends_its_watch_and_its_thread(
    local: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback, "FIRST_RETRY", 0.05)
    (port,) = free_ports(1)
    graph = FallbackGraph(client_of(f"http://127.0.0.1:{port}"), local)
    thread = graph._remote.thread
    assert thread.is_alive()

    del graph
    gc.collect()

    wait_until(lambda: not thread.is_alive())


def test_a_model_with_an_unreachable_server_answers_as_the_local_one() -> None:
    (port,) = free_ports(1)
    alone = load(device="cpu")

    model = load(device="cpu", server=Server(f"http://127.0.0.1:{port}"))

    assert isinstance(model, EmotionModel)
    assert model.device == "cpu"
    assert model.predict(TEXTS) == alone.predict(TEXTS)


def predict(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emotion_component", "predict", "--json", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)


def test_predict_asks_the_server_and_loads_no_graph(server: ModelServer) -> None:
    done = predict("--serving", server.url, "thank you so much!")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "gratitude"
    assert {"text": ["thank you so much!"]} in [each["inputs"] for each in server.requests]


def test_predict_says_that_the_server_cannot_be_reached() -> None:
    (port,) = free_ports(1)

    done = predict("--serving", f"http://127.0.0.1:{port}", "hello")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"emotion: The model server at http://127.0.0.1:{port}/v1/mod")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"url": "localhost:8501"}, "`serving_url` must be the address of a model server"),
        ({"url": None}, "`serving_url` must be the address of a model server"),
        ({"url": "http://a", "timeout": 0}, "`serving_timeout` must be seconds above 0"),
        ({"url": "http://a", "timeout": "1"}, "`serving_timeout` must be seconds above 0"),
        ({"url": "http://a", "timeout": float("nan")}, "`serving_timeout` must be seconds above"),
        ({"url": "http://a", "name": ""}, "`serving_model` must be a name"),
    ],
)
def test_a_setting_out_of_range_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Server(**settings)
