"""A project in whose stores two customers have left everything that customers can leave."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from sqlalchemy import MetaData, create_engine, insert, select
from sqlalchemy.engine import make_url

from rasa_project.channels.files.vault import Vault
from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.tables import Customer, File, Outgoing, Received
from rasa_project.channels.webchat.store.tables import FILES, HELD, MAILS, MESSAGES, METADATA
from rasa_project.channels.webchat.store.tables import THREADS as CHAT_THREADS
from rasa_project.desk.audit import log
from rasa_project.desk.floor import risk
from rasa_project.desk.inbound.broker_events import take_batch
from rasa_project.desk.inbound.reader import EventReader
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store import models
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message, Ticket
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.rasa_like import DOMAIN, bot, emotion, handoff, user
from tests.rasa_project.desk.rows import add_agent

SHE = "telegram:491701234567"
HE = "telegram:8613800138000"
HER_WORDS = "The parcel for Ottilie never came"
HIS_WORDS = "Where is the refund for Wendelin"
HER_SHOP_ID = "shop-ottilie"
HIS_SHOP_ID = "shop-wendelin"


class Project:
    """The stores, on SQLite files or on one PostgreSQL database each.

    Args:
        folder: Of the project.
        urls: Addresses of the databases of tracker, channels, desk and chat.
    """

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder = folder
        self.urls = urls
        self.agent: Identity | None = None
        url = make_url(urls["tracker"])
        file = url.get_backend_name() == "sqlite"
        lines: dict[str, Any] = {"dialect": url.get_backend_name(), "db": url.database}
        if not file:
            lines |= {"url": url.host, "port": url.port, "username": url.username}
        (folder / "endpoints.yml").write_text(
            "tracker_store:\n  type: SQL\n"
            + "".join(f"  {name}: {value}\n" for name, value in lines.items())
        )
        (folder / "credentials.yml").write_text(
            "rasa_project.channels.webchat.WebChatInput:\n"
            f"  secret: long enough to sign with it\n  store: {urls['chat']}\n"
        )
        self.domain = Domain.from_yaml(DOMAIN)
        host: dict[str, Any] = (
            {} if file else {"host": url.host, "port": url.port, "username": url.username}
        )
        self.tracker = SQLTrackerStore(
            self.domain, dialect=str(lines["dialect"]), db=str(url.database), **host
        )

    @property
    def vault(self) -> Vault:
        return Vault(self.folder / ".attune" / "files")

    def environment(self) -> dict[str, str]:
        return {
            "ATTUNE_DESK_DB": self.urls["desk"],
            "ATTUNE_CHANNELS_DB": self.urls["channels"],
            "ATTUNE_HOME": str(self.folder / ".attune"),
        }

    async def say(self, sender: str, *events: dict[str, Any]) -> None:
        """Write events as Rasa does at the end of a turn."""
        tracker = await self.tracker.get_or_create_full_tracker(sender, False)
        for event in events:
            parsed = Event.from_parameters(dict(event))
            assert parsed is not None
            tracker.update(parsed, self.domain)
        await self.tracker.save(tracker)

    def desk(self) -> Store:
        store = Store(self.urls["desk"])
        store.open()
        return store

    def read(self, store: Store) -> None:
        """Let the desk hear of all that is in Rasa's store; on PostgreSQL by its broker's way."""
        if self.urls["tracker"].startswith("sqlite"):
            reader = EventReader(self.urls["tracker"], store)
            while reader.read_batch()[1]:
                pass
            return
        engine = create_engine(self.urls["tracker"], future=True)
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT sender_id, data FROM events ORDER BY id"
            ).all()
        engine.dispose()
        bodies = [f'{{"sender_id": "{row[0]}", {row[1].lstrip()[1:]}'.encode() for row in rows]
        take_batch(store, bodies)

    async def fill(self) -> None:
        """Let both customers write, be answered, and leave all there is to leave."""
        await self.say(
            SHE, user(HER_WORDS, emotion()), bot("Sorry."), *handoff()
        )  # fmt: skip
        await self.say(HE, user(HIS_WORDS, emotion()), bot("Sorry."), *handoff())
        store = self.desk()
        self.agent = add_agent(store, "li")
        self.read(store)
        for sender, words in ((SHE, HER_WORDS), (HE, HIS_WORDS)):
            self._work(store, sender, words)
        store.close()
        self._channels()
        self._chat()

    def _work(self, store: Store, sender: str, words: str) -> None:
        assert self.agent is not None
        with store.write() as session:
            ticket = session.query(Ticket).filter_by(conversation_id=sender).one()
            number = ticket.id
        with store.write() as session:
            work.claim(session, number, self.agent)
        with store.write() as session:
            work.answer(session, number, self.agent, f"message-{number}", f"About: {words}")
        with store.write() as session:
            work.resolve(session, number, self.agent, f"told {words}")
        now, common = time.time(), {"ticket_id": number, "agent_id": self.agent.agent_id}
        with store.write() as session:
            message = session.query(Message).filter_by(conversation_id=sender).first()
            risk.record(session, sender, self.agent)
            log.record(session, self.agent, "note_written", ticket_id=number)
            for row in (
                models.Note(key=f"n-{number}", text=words, at=now, **common),
                models.TicketTag(name=f"tag {words}"[:40], at=now, **common),
                models.HandoffVerdict(verdict="right", at=now, **common),
                models.Absence(ticket_id=number, told_at=now, why="closed", contact=words),
                models.QueueNotice(ticket_id=number, told_at=now),
                models.TicketEvent(
                    ticket_id=number, kind="passed", who="li", at=now, data={"note": words},
                    key=f"e:{sender}",
                ),
                models.EmotionCorrection(
                    message_id=message.id, emotion="anger", agent_id=self.agent.agent_id, at=now
                ),
                models.ReplyFile(
                    id=f"r{number}", ticket_id=number, kind="image", name=words,
                    mime_type="image/png", size=3, created_at=now,
                ),
                models.ConnectorLink(
                    ticket_id=number, connector="zendesk", remote_id=f"z-{number}",
                    details={"of": sender},
                ),
                models.ConnectorEntry(
                    ticket_id=number, connector="zendesk", kind="note", message_id=message.id,
                    content={"text": words}, next_attempt_at=now, give_up_at=now, created_at=now,
                ),
                models.ConnectorDelivery(
                    connector="zendesk", delivery_id=f"d-{number}", next_attempt_at=now,
                    actions=[{"kind": "note", "ticket": f"z-{number}", "text": words}],
                    received_at=now,
                ),
            ):  # fmt: skip
                session.merge(row)
            survey = session.query(models.Survey).filter_by(ticket_id=number).one_or_none()
            survey = survey or models.Survey(
                ticket_id=number, conversation_id=sender, step="done", message_id=f"s-{number}",
                asked_at=now,
            )  # fmt: skip
            survey.rating, survey.comment = 2, words
            session.add(survey)

    def _channels(self) -> None:
        database = Database(self.urls["channels"])
        database.open()
        now = time.time()
        for sender, words in ((SHE, HER_WORDS), (HE, HIS_WORDS)):
            customer = sender.partition(":")[2]
            file_id = f"f{customer}"
            self._put_file(file_id, words)
            theirs = {"channel": "telegram", "customer": customer}
            with database.write() as session:
                session.add(Customer(**theirs, heard_at=now, route={"chat": customer}))
                session.add(
                    Received(
                        **theirs, delivery_id=f"{customer}-1", turn={"text": words}, place=1.0,
                        state="done", next_attempt_at=now, received_at=now,
                    )
                )  # fmt: skip
                session.add(
                    Outgoing(
                        **theirs, utterance="u", piece=0, part={"text": words}, state="done",
                        next_attempt_at=now, created_at=now,
                    )
                )  # fmt: skip
                session.add(
                    File(
                        **theirs, id=file_id, state="done", name=words, next_attempt_at=now,
                        noted_at=now,
                    )
                )  # fmt: skip
        database.close()

    def _chat(self) -> None:
        engine = create_engine(self.urls["chat"], future=True)
        METADATA.create_all(engine)
        now = time.time()
        each = ((SHE, HER_WORDS, HER_SHOP_ID), (HE, HIS_WORDS, HIS_SHOP_ID))
        with engine.begin() as connection:
            for sender, words, shop_id in each:
                file_id = f"c{sender.partition(':')[2]}"
                self._put_file(file_id, words)
                for table, row in (
                    (CHAT_THREADS, {
                        "id": sender, "sender": sender, "customer": shop_id, "last": 1,
                        "profile": f'{{"name": "{words}"}}', "touched": now,
                    }),
                    (MESSAGES, {
                        "thread": sender, "number": 1, "id": "1", "body": words, "said": now,
                    }),
                    (HELD, {
                        "sender": sender, "id": "2", "utterance": "2", "body": words, "since": now,
                    }),
                    (MAILS, {
                        "id": sender, "thread": sender, "address": words, "language": "en",
                        "zone": "UTC", "state": "sent", "due": now, "asked": now,
                    }),
                    (FILES, {
                        "id": file_id, "sender": sender, "owner": "customer", "client": "1",
                        "name": words, "mime_type": "image/png", "size": 3, "made": now,
                    }),
                ):  # fmt: skip
                    connection.execute(insert(table).values(row))
        engine.dispose()

    def _put_file(self, file_id: str, words: str) -> None:
        part, out = self.vault.begin(file_id)
        with out:
            out.write(words.encode())
        self.vault.seal(part, file_id)

    def rows_with(self, *signs: str) -> list[str]:
        """Name each row of each table of each store that holds one of some texts."""
        return [
            f"{store}.{table}: {row}"
            for store, table, row in self.rows()
            if any(sign in row for sign in signs)
        ]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield all rows of all tables as text."""
        for store, url in self.urls.items():
            engine = create_engine(url, future=True)
            metadata = MetaData()
            with engine.connect() as connection:
                metadata.reflect(connection)
                for table in metadata.sorted_tables:
                    for row in connection.execute(select(table)):
                        yield store, table.name, str(tuple(row))
            engine.dispose()

    def bytes_with(self, words: str) -> list[str]:
        """Name the project's files that hold some words anywhere, free pages and logs included."""
        return [
            str(path.relative_to(self.folder))
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and words.encode() in path.read_bytes()
        ]


def sqlite_urls(folder: Path) -> dict[str, str]:
    """Addresses of a file for each store."""
    home = folder / ".attune"
    home.mkdir()
    return {name: f"sqlite:///{home / name}.db" for name in ("tracker", "channels", "desk", "chat")}


def lock(url: str) -> Any:
    """Hold a SQLite file so that nobody writes; closed, it lets go."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=15, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return closing(connection)
