"""A running Attune for the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.service import Service


@pytest.fixture(scope="session")
def service(trained_project: Path) -> Iterator[Service]:
    """Attune as `python -m rasa_project` starts it; stopped by Ctrl-C at the end."""
    service = Service(trained_project)
    service.start()
    yield service
    assert service.stop() == 0, service.output
