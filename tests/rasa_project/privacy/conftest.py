"""The project of two customers, once on each kind of database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgresql import PostgresqlServer
from tests.rasa_project.privacy.people import Project, sqlite_urls


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """Two customers in all stores, once on each kind of database."""
    urls = sqlite_urls(tmp_path)
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        urls = {name: server.empty_database() for name in urls}
    return await _filled(tmp_path, urls, monkeypatch)


@pytest.fixture
async def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two customers in SQLite files alone."""
    return await _filled(tmp_path, sqlite_urls(tmp_path), monkeypatch)


async def _filled(folder: Path, urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(folder, urls)
    for name, value in project.environment().items():
        monkeypatch.setenv(name, value)
    await project.fill()
    return project
