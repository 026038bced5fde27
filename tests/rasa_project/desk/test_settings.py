from __future__ import annotations

import pytest

from rasa_project.desk import settings
from rasa_project.desk.errors import StartError

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
        ("ATTUNE_DESK_PORT", "65536"),
        ("ATTUNE_DESK_PORT", "http"),
    ],
)
def test_nonsense_is_refused_with_what_was_received(name: str, value: str) -> None:
    with pytest.raises(StartError, match=f"{name} must be") as refused:
        settings.from_environment({**GOOD, name: value})
    assert repr(value) in str(refused.value)
