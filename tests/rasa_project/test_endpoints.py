from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rasa_project.endpoints import Endpoints, prepare
from rasa_project.preflight import PreflightError
from rasa_project.settings import Settings

SQLITE = "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: .attune/tracker.db\n"


def project(folder: Path, text: str) -> Settings:
    (folder / "endpoints.yml").write_text(text, encoding="utf-8")
    (folder / ".attune").mkdir()
    return Settings(folder, actions_port=4321)


def test_a_local_action_server_is_ours_and_gets_its_actual_port(tmp_path: Path) -> None:
    text = "action_endpoint:\n  url: http://localhost:5055/webhook\n" + SQLITE
    endpoints = prepare(project(tmp_path, text))
    assert endpoints == Endpoints(
        tmp_path / ".attune" / "endpoints.yml",
        f"sqlite:///{tmp_path}/.attune/tracker.db",
        runs_actions=True,
    )
    written = YAML(typ="safe").load(endpoints.file.read_text(encoding="utf-8"))
    assert written["action_endpoint"] == {"url": "http://127.0.0.1:4321/webhook"}


def test_an_action_server_elsewhere_stays_as_it_is(tmp_path: Path) -> None:
    text = "action_endpoint:\n  url: https://actions.example/webhook\n" + SQLITE
    endpoints = prepare(project(tmp_path, text))
    written = YAML(typ="safe").load(endpoints.file.read_text(encoding="utf-8"))
    assert not endpoints.runs_actions
    assert written["action_endpoint"] == {"url": "https://actions.example/webhook"}


@pytest.mark.parametrize(
    "text", ["", "tracker_store:\n  type: redis\n", "tracker_store:\n  type: SQL\n"]
)
def test_a_tracker_store_that_the_desk_cannot_follow_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(PreflightError, match="must be `type: SQL`, `dialect: sqlite`"):
        prepare(project(tmp_path, text))


POSTGRESQL = "tracker_store:\n  type: SQL\n  dialect: postgresql\n  url: db.example\n"


@pytest.mark.parametrize(
    ("broker", "address"),
    [
        (
            "{type: pika, url: rabbit.example, username: attune, password: 'a/b', queues: [desk]}",
            "amqp://attune:a%2Fb@rabbit.example:5672/?queue=desk",
        ),
        (
            "{type: pika, url: rabbit, port: 5673, password: '${BROKER_SECRET}', queues: desk}",
            "amqp://guest:hush@rabbit:5673/?queue=desk",
        ),
        (
            "{type: pika, url: 'amqps://a:b@rabbit/v?heartbeat=9', queues: [desk, others]}",
            "amqps://a:b@rabbit/v?heartbeat=9&queue=desk",
        ),
    ],
)
def test_a_broker_takes_the_place_of_the_tracker_store(
    tmp_path: Path, broker: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROKER_SECRET", "hush")
    endpoints = prepare(project(tmp_path, f"{POSTGRESQL}event_broker: {broker}\n"))
    assert (endpoints.tracker_db, endpoints.event_broker) == ("", address)


def test_a_broker_without_a_queue_is_told(tmp_path: Path) -> None:
    with pytest.raises(PreflightError, match=r"queues: \[attune-desk\]"):
        prepare(project(tmp_path, POSTGRESQL + "event_broker: {type: pika, url: rabbit}\n"))
