"""The shop's orders in SQLite.

The database is made with its demonstration orders on first use. Their dates move along with the
calendar, so that the parcel that is three weeks late is three weeks late on any day.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from actions import seed

T = TypeVar("T")

DEFAULT_PATH: Final = Path(".attune") / "shop.db"
# So long SQLite keeps trying where another connection holds the lock, with pauses of its own.
LOCK_SECONDS: Final = 2.0
# An answer later than this is no answer; the customer is told instead.
ANSWER_SECONDS: Final = 3.0

_SCHEMA: Final = """
CREATE TABLE orders (
    number TEXT PRIMARY KEY,
    item_en TEXT NOT NULL,
    item_zh TEXT NOT NULL,
    cents INTEGER NOT NULL CHECK (cents >= 0),
    email TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('processing', 'shipped', 'delivered', 'returned', 'cancelled')),
    ordered_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    shipped_on TEXT,
    scanned_on TEXT,
    delivered_on TEXT
);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_number TEXT NOT NULL REFERENCES orders (number),
    kind TEXT NOT NULL CHECK (kind IN ('refund', 'return', 'replacement', 'invoice')),
    filed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (order_number, kind)
);
CREATE TABLE calendar (seeded_on TEXT NOT NULL);
"""
_SCHEMA_VERSION: Final = 1
_DATES: Final = ("ordered_on", "due_on", "shipped_on", "scanned_on", "delivered_on")
_NOT_IN_A_NUMBER = re.compile(r"[^A-Z0-9]")


class OrdersUnavailableError(Exception):
    """The shop's orders cannot be used; the message says why, for the log."""


@dataclass(frozen=True)
class Order:
    """One order.

    Attributes:
        number: For example `A1042`.
        item_en: What was bought, in English.
        item_zh: The same in Chinese.
        cents: Amount paid, in cents of a euro.
        email: Where the order confirmation went.
        status: `processing`, `shipped`, `delivered`, `returned` (received back) or `cancelled`.
        ordered_on: Day of the order.
        due_on: Day promised for delivery.
        shipped_on: Day the parcel left, if it has.
        scanned_on: Day of the carrier's newest scan, if there is one.
        delivered_on: Day of delivery, if it has come.
    """

    number: str
    item_en: str
    item_zh: str
    cents: int
    email: str
    status: str
    ordered_on: date
    due_on: date
    shipped_on: date | None
    scanned_on: date | None
    delivered_on: date | None

    def days_late(self, today: date) -> int:
        """Days since the promised day for an order that is still awaited; 0 for any other."""
        awaited = self.status in ("processing", "shipped")
        return max(0, (today - self.due_on).days) if awaited else 0

    def item(self, language: str) -> str:
        """What was bought, in `en` or `zh`."""
        return self.item_zh if language == "zh" else self.item_en


class OrderStore:
    """Reads orders and files requests about them; one connection a call.

    Args:
        path: The database file. The folder and the file are made on first use.

    Every method waits for the disk, so actions call it through `answer_of`, and raises
    `OrdersUnavailableError` where the database is locked, damaged, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def from_environment(cls) -> OrderStore:
        """Use the file named by `ATTUNE_SHOP_DB`, else `.attune/shop.db`."""
        return cls(Path(os.environ.get("ATTUNE_SHOP_DB") or DEFAULT_PATH))

    def find(self, written: str) -> Order | None:
        """Find the order that a customer means.

        Args:
            written: As written: `A1042`, `a-1042`, `#1042`; the letter may be missing.
        """
        number = normalize(written)
        with self._open() as connection:
            row = connection.execute(
                "SELECT * FROM orders WHERE number = ? OR substr(number, 2) = ?",
                (number, number),
            ).fetchone()
            return _order(row) if row else None

    def file_request(self, number: str, kind: str) -> tuple[int, bool]:
        """File a request for the staff; the same request twice is one request.

        Args:
            number: Number of a known order.
            kind: `refund`, `return`, `replacement` or `invoice`.

        Returns:
            The request's id, and whether it is new.
        """
        with self._open() as connection:
            new = connection.execute(
                "INSERT INTO requests (order_number, kind) VALUES (?, ?) "
                "ON CONFLICT (order_number, kind) DO NOTHING",
                (number, kind),
            ).rowcount
            (found,) = connection.execute(
                "SELECT id FROM requests WHERE order_number = ? AND kind = ?", (number, kind)
            ).fetchone()
        return int(found), bool(new)

    def cancel(self, number: str) -> bool:
        """Cancel an order that has not left yet; say whether it could be cancelled."""
        with self._open() as connection:
            changed = connection.execute(
                "UPDATE orders SET status = 'cancelled' WHERE number = ? AND status = 'processing'",
                (number,),
            ).rowcount
        return bool(changed)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(
                sqlite3.connect(self._path, timeout=LOCK_SECONDS, isolation_level=None)
            ) as connection:
                connection.row_factory = sqlite3.Row
                _bring_up_to_date(connection, date.today())
                yield connection
        # The last two: a row that holds something else than an order, in an intact file.
        except (sqlite3.Error, OSError, TypeError, ValueError) as error:
            raise OrdersUnavailableError(str(error)) from error


async def answer_of(call: Callable[..., T], *arguments: Any) -> T:
    """Run a method of the store beside the event loop, on which all other customers wait.

    What is still running after `ANSWER_SECONDS` may yet do its work: filing and cancelling twice
    is filing and cancelling once, so the customer can be told to try again.

    Raises:
        OrdersUnavailableError: The method raised it, or its answer did not come in time.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(call, *arguments), ANSWER_SECONDS)
    except asyncio.TimeoutError:
        raise OrdersUnavailableError("no answer in time") from None


def normalize(written: str) -> str:
    """Give an order number its one form: `a-1042` becomes `A1042`, `#１０４２` becomes `1042`."""
    return _NOT_IN_A_NUMBER.sub("", unicodedata.normalize("NFKC", written).upper())


def _bring_up_to_date(connection: sqlite3.Connection, today: date) -> None:
    """Make the tables, or move the dates along; a write happens at most once a day."""
    if _is_current(connection, today):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another worker may have done it while this one waited for the lock.
        if not _is_current(connection, today):
            _write_calendar(connection, today)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _is_current(connection: sqlite3.Connection, today: date) -> bool:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != _SCHEMA_VERSION:
        return False
    (seeded_on,) = connection.execute("SELECT seeded_on FROM calendar").fetchone()
    return bool(seeded_on == today.isoformat())


def _write_calendar(connection: sqlite3.Connection, today: date) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == _SCHEMA_VERSION:
        (seeded_on,) = connection.execute("SELECT seeded_on FROM calendar").fetchone()
        days = (today - date.fromisoformat(seeded_on)).days
        moves = ", ".join(f"{name} = date({name}, '{days:+d} days')" for name in _DATES)
        connection.execute(f"UPDATE orders SET {moves}")
        connection.execute("UPDATE calendar SET seeded_on = ?", (today.isoformat(),))
        return
    # `executescript` would commit the transaction that keeps two workers from seeding twice.
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)
    for row in seed.rows(today):
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT INTO orders ({names}) VALUES ({values})", row)
    connection.execute("INSERT INTO calendar VALUES (?)", (today.isoformat(),))
    connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")


def _order(row: sqlite3.Row) -> Order:
    values: dict[str, Any] = dict(row)
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return Order(**values)
