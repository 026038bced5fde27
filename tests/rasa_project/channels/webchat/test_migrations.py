"""The chat's tables change with its versions, and nothing in them is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from rasa_project.channels.messaging.database import Database as ChannelsDatabase
from rasa_project.channels.webchat.keys import GivenKeys
from rasa_project.channels.webchat.store import Database, messages, sessions
from rasa_project.channels.webchat.store.database import MIGRATIONS
from rasa_project.channels.webchat.store.tables import METADATA
from rasa_project.channels.webchat.tokens import SessionTokens
from rasa_project.desk.store.database import Store
from rasa_project.errors import StartError
from tests.postgresql import PostgresqlServer
from tests.rasa_project.database import migrating

OLD = Path(__file__).parent / "before_migrations"
REVISION = "webchat_revision"
MODULE = "rasa_project.channels.webchat.store.database"
OPENING = f"""
import asyncio
from {MODULE} import Database
asyncio.run(Database(url).open())
"""
BODY = {"text": "order", "id": "m-1", "sender": "user"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql").empty_database())
    return f"sqlite:///{tmp_path / 'webchat.db'}"


@pytest.fixture
async def before(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """The database, into which a test may put something before it is opened as it should be."""
    with monkeypatch.context() as patched:
        patched.setattr(MIGRATIONS, "bring_up", lambda _connection: None)
        store = Database(url)
        await store.open()
    yield store
    store.close()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Database]:
    store = Database(url)
    yield store
    store.close()


async def run(store: Database, *statements: str) -> None:
    def change(connection: Any) -> None:
        for statement in statements:
            connection.execute(text(statement))

    await store.write(change)


async def make_as_before_migrations(before: Database, url: str) -> None:
    """Make the tables as a version without migrations did, and a customer who waits."""
    await run(before, *migrating.statements(OLD, url))
    await before.write(sessions.identify, "7", {"name": "Ana"}, None, "c-1")
    told = {"text": "order", "metadata": {}}
    await before.write(messages.append, "c-1", "m-1", BODY, told)


async def holds_what_was_there(store: Database) -> None:
    page = await store.read(messages.page, "c-1", 100, None, None)
    assert [(one["seq"], one["text"]) for one in page.messages] == [(1, "order")]
    assert await store.read(sessions.profile_of, "c-1") == {"id": "7", "name": "Ana"}
    assert await store.read(messages.unfinished) == ["c-1"]


async def differences(store: Database) -> list[Any]:
    return await store.read(partial(migrating.differences, defaults=True), METADATA, REVISION)


async def test_the_migrations_make_the_tables_that_the_models_describe(store: Database) -> None:
    await store.open()
    assert await differences(store) == []
    assert await store.read(migrating.tables) == {*METADATA.tables, REVISION}


async def test_a_database_of_the_time_before_migrations_is_adopted_with_all_that_is_in_it(
    before: Database, url: str
) -> None:
    await make_as_before_migrations(before, url)
    for _ in range(2):  # and opened again
        store = Database(url)
        await store.open()
        assert await differences(store) == []
        await holds_what_was_there(store)
        store.close()


async def test_what_is_said_after_the_adoption_is_numbered_on(
    before: Database, store: Database, url: str
) -> None:
    await make_as_before_migrations(before, url)
    session = SessionTokens(GivenKeys(["s" * 32]), 30).issue("c-1", customer=True)
    kept = await store.write(sessions.accept, session, "m-2", "again", {})
    assert kept is not None and kept.number == 2


async def test_tables_of_a_later_version_are_refused_and_left_alone(
    store: Database, url: str
) -> None:
    await store.open()
    await run(store, f"UPDATE {REVISION} SET version_num = '9999'")
    later = Database(url)
    with pytest.raises(StartError) as refused:
        await later.open()
    later.close()
    told = str(refused.value)
    assert "a later version has brought its tables to revision 9999" in told
    assert "Run that version, or restore the backup" in told
    assert "credentials.yml" in told
    assert await store.read(migrating.tables) == {*METADATA.tables, REVISION}


async def test_tables_that_no_version_made_are_refused_and_left_alone(
    before: Database, url: str
) -> None:
    await run(before, "CREATE TABLE webchat_revoked (session VARCHAR(64) PRIMARY KEY)")
    store = Database(url)
    with pytest.raises(StartError, match=r"lacks .* Restore a backup of it, or name another one"):
        await store.open()
    store.close()
    assert await before.read(migrating.tables) == {"webchat_revoked"}


@pytest.mark.parametrize("statement", [2, 9, 16])
async def test_a_server_killed_over_the_first_migration_leaves_nothing(
    before: Database, store: Database, url: str, statement: int
) -> None:
    migrating.kill_over(OPENING, url, statement)
    assert await before.read(migrating.tables) == set()
    await store.open()
    assert await differences(store) == []


@pytest.mark.parametrize("statement", [3, 20])
async def test_a_server_killed_over_the_adoption_leaves_what_was_there(
    before: Database, store: Database, url: str, statement: int
) -> None:
    await make_as_before_migrations(before, url)
    migrating.kill_over(OPENING, url, statement)
    assert await before.read(migrating.tables) == {*METADATA.tables}
    await store.open()
    assert await differences(store) == []
    await holds_what_was_there(store)


@pytest.mark.services
@pytest.mark.parametrize("old", [False, True])
async def test_workers_that_start_at_once_take_turns(
    before: Database, store: Database, url: str, old: bool
) -> None:
    if old:
        await make_as_before_migrations(before, url)
    migrating.open_at_once(OPENING, url, [MODULE], 5)
    assert await differences(store) == []
    if old:
        await holds_what_was_there(store)


@pytest.mark.services
async def test_the_desk_the_channels_and_the_chat_may_share_a_database(
    postgresql: PostgresqlServer,
) -> None:
    url = postgresql.empty_database()
    for _ in range(2):
        for one in (ChannelsDatabase(url), Store(url)):
            one.open()
            one.close()
        chat = Database(url)
        await chat.open()
        chat.close()
