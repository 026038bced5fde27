from __future__ import annotations

import json
from pathlib import Path

import pytest

from rasa_project.conversations.conversation import ConversationsError
from rasa_project.conversations.exports import ExportedFile
from rasa_project.conversations.rasa_store import RasaStore
from rasa_project.conversations.source import open_source
from rasa_project.conversations.sql_store import SqlStore
from tests.rasa_project.conversations.stored import emotion, exported, project, said, tracker

TALK = tracker("a", [said("hello", emotion("joy"))])
OWN_STORE = '''\
import json, pathlib
from rasa.core.tracker_store import InMemoryTrackerStore

class Shelf(InMemoryTrackerStore):
    """Keeps conversations in a JSON file."""
    def __init__(self, domain, host=None, event_broker=None, file="", **kwargs):
        super().__init__(domain, event_broker)
        self.store = json.loads(pathlib.Path(file).read_text())

class Custom(Shelf):
    pass
'''


def test_the_projects_tracker_store_is_found_from_anywhere(tmp_path: Path) -> None:
    source = open_source(project(tmp_path / "bot", [TALK]))
    assert isinstance(source, SqlStore)
    assert source.name == str(tmp_path / "bot" / "tracker.db")
    assert [each.id for each in source] == ["a"]


def test_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    bot = project(tmp_path / "bot", [TALK])
    (tmp_path / "talk.db").write_text(json.dumps(exported(TALK)))
    assert isinstance(open_source(bot, str(tmp_path / "talk.db")), ExportedFile)
    assert isinstance(open_source(tmp_path, str(bot / "tracker.db")), SqlStore)
    assert isinstance(open_source(tmp_path, f"sqlite:///{bot / 'tracker.db'}"), SqlStore)


def test_variables_of_the_environment_are_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = project(tmp_path / "bot", [TALK])
    (bot / "endpoints.yml").write_text("tracker_store:\n  type: sql\n  db: tra${STORE_NAME}.db\n")
    monkeypatch.delenv("STORE_NAME", raising=False)
    with pytest.raises(ConversationsError, match=r"\$\{STORE_NAME\}, which the environment lacks"):
        open_source(bot)
    monkeypatch.setenv("STORE_NAME", "cker")
    assert [each.id for each in open_source(bot)] == ["a"]


def test_a_store_of_ones_own_class_is_read_through_it(tmp_path: Path) -> None:
    bot = project(tmp_path / "bot", [TALK])
    (bot / "shelf_of_talks.py").write_text(OWN_STORE)
    dialogue = {"name": "a", "events": exported(TALK)["events"]}
    (bot / "talks.json").write_text(json.dumps({"a": json.dumps(dialogue)}))
    own = f"tracker_store:\n  type: shelf_of_talks.Custom\n  file: {bot / 'talks.json'}\n"
    (bot / "endpoints.yml").write_text(own)
    with pytest.raises(ConversationsError, match=r"must name a type that Rasa finds"):
        (bot / "endpoints.yml").write_text(own.replace("Custom", "Missing"))
        open_source(bot)
    (bot / "endpoints.yml").write_text(own)
    source = open_source(bot)
    assert isinstance(source, RasaStore)
    assert source.count() == 1
    assert source.find("b") is None
    assert [event.text for each in source for event in each.events] == ["hello"]


@pytest.mark.parametrize(
    ("endpoints", "says"),
    [
        (None, "endpoints.yml does not exist"),
        ("action_endpoint:\n  url: http://localhost\n", "names no `tracker_store`"),
        ("", "names no `tracker_store`"),
        ("tracker_store: sqlite\n", "names no `tracker_store`"),
        ("tracker_store:\n  type: redis\n  url: 127.0.0.1\n  port: 1\n", "type redis cannot be"),
    ],
)
def test_without_a_store_it_says_what_to_do(
    tmp_path: Path, endpoints: str | None, says: str
) -> None:
    if endpoints is not None:
        (tmp_path / "endpoints.yml").write_text(endpoints)
    with pytest.raises(ConversationsError, match=says) as caught:
        list(open_source(tmp_path))
    assert "--from" in str(caught.value)


@pytest.mark.parametrize("named", ["nowhere.json", "."])
def test_from_must_name_a_file(tmp_path: Path, named: str) -> None:
    with pytest.raises(ConversationsError, match="--from"):
        open_source(tmp_path, str(tmp_path / named))
