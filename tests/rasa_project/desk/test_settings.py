from __future__ import annotations

import pytest

from rasa_project.desk import settings
from rasa_project.errors import StartError

GOOD = {
    "ATTUNE_RASA_URL": "http://127.0.0.1:5005/",
    "ATTUNE_RASA_TOKEN": "t",
    "ATTUNE_TRACKER_DB": "sqlite:///tracker.db",
    "ATTUNE_DESK_DB": "sqlite:///desk.db",
}


def test_the_environment_is_read() -> None:
    assert settings.from_environment(GOOD) == settings.Settings(
        rasa_url="http://127.0.0.1:5005",
        rasa_token="t",
        tracker_db="sqlite:///tracker.db",
        desk_db="sqlite:///desk.db",
        host="127.0.0.1",
        port=5010,
    )


@pytest.mark.parametrize("name", ["ATTUNE_RASA_URL", "ATTUNE_TRACKER_DB", "ATTUNE_DESK_DB"])
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(StartError, match=f"The environment variable {name} is not set"):
        settings.from_environment({**GOOD, name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATTUNE_RASA_URL", "localhost:5005"),
        ("ATTUNE_TRACKER_DB", "postgresql://host/db"),
        ("ATTUNE_DESK_DB", "desk.db"),
        ("ATTUNE_DESK_DB", "sqlite://"),
        ("ATTUNE_DESK_DB", "mysql://host/db"),
        ("ATTUNE_DESK_DB", "postgresql://host"),
        ("ATTUNE_DESK_DB", "postgresql://host:port/db"),
        ("ATTUNE_DESK_PORT", "65536"),
        ("ATTUNE_DESK_PORT", "http"),
    ],
)
def test_nonsense_is_refused_with_what_was_received(name: str, value: str) -> None:
    with pytest.raises(StartError, match=f"{name} must be") as refused:
        settings.from_environment({**GOOD, name: value})
    assert repr(value) in str(refused.value)


def test_the_desks_own_store_may_be_on_postgresql() -> None:
    url = "postgresql://attune:secret@db.example/desk"
    assert settings.from_environment({**GOOD, "ATTUNE_DESK_DB": url}).desk_db == url


def test_a_queue_takes_the_place_of_the_tracker_store() -> None:
    given = {**GOOD, "ATTUNE_TRACKER_DB": "", "ATTUNE_EVENT_BROKER": "amqp://rabbit/?queue=desk"}
    read = settings.from_environment(given)
    assert (read.tracker_db, read.event_broker) == ("", "amqp://rabbit/?queue=desk")


def test_a_tracker_store_on_postgresql_needs_a_broker() -> None:
    given = {**GOOD, "ATTUNE_TRACKER_DB": "postgresql://host/rasa"}
    with pytest.raises(StartError, match="name the queue in ATTUNE_EVENT_BROKER"):
        settings.from_environment(given)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(StartError, match="ATTUNE_TRACKER_DB must be") as refused:
        settings.from_environment({**GOOD, "ATTUNE_TRACKER_DB": "postgresql://a:secret@b/c"})
    assert "secret" not in str(refused.value)


def test_a_broker_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(StartError, match="ATTUNE_EVENT_BROKER must be") as refused:
        settings.from_environment({**GOOD, "ATTUNE_EVENT_BROKER": "kafka://a:secret@b"})
    assert "secret" not in str(refused.value)
