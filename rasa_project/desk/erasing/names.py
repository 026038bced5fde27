"""Remembers that somebody was erased without remembering who.

An id is kept as its HMAC alone, under a key of this database, for as long as an event of theirs may
still lie on a broker. Digests and key go then; until then who holds the database can test a guess,
and an id such as a phone number can be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import delete, func, select

from rasa_project.desk.audit import log
from rasa_project.desk.store.models import ErasedName, Erasure, ErasureKey

# Longer than a queue should ever wait for its reader.
KEPT_SECONDS: Final = 30 * 24 * 3600.0
ACTION: Final = "customer_erased"
_STAND_IN_BYTES: Final = 12


class ErasedNames:
    """Knows events of erased conversations again; read once a transaction.

    Args:
        session: A session of the desk's store.
    """

    def __init__(self, session: Any) -> None:
        query = select(ErasedName.digest, Erasure.finished_at).join(Erasure)
        self._until = {
            digest: math.inf if finished is None else finished
            for digest, finished in session.execute(query)
        }
        self._key = session.scalar(select(ErasureKey.key)) if self._until else None

    def cover(self, conversation: str, at: float) -> bool:
        """Say whether something belongs to what was erased.

        Args:
            conversation: Rasa's sender id.
            at: When it happened, seconds since 1970. Who writes again after the erasure begins a
                conversation like anybody.
        """
        if self._key is None:
            return False
        return at <= self._until.get(_digest(self._key, conversation), -math.inf)


def begin(session: Any, names: Iterable[str], found: Mapping[str, int]) -> str:
    """Note that somebody is being erased; return the word that stands for them from now on.

    Args:
        session: A session of `Store.write`.
        names: Their conversations, and the shop's id where there is one.
        found: Rows by store; of an erasure that is run again the most that was ever found counts.
    """
    key = _key(session)
    digests = [_digest(key, name) for name in names]
    erasure = _unfinished(session, digests)
    if erasure is None:
        stand_in = f"erased-{secrets.token_hex(_STAND_IN_BYTES)}"
        erasure = Erasure(stand_in=stand_in, begun_at=time.time(), found=dict(found))
        session.add(erasure)
        session.flush()
    else:
        most = {name: max(found.get(name, 0), count) for name, count in erasure.found.items()}
        erasure.found = {**found, **most}
    for digest in digests:
        session.merge(ErasedName(digest=digest, stand_in=erasure.stand_in))
    return str(erasure.stand_in)


def unfinished(session: Any, names: Iterable[str]) -> bool:
    """Say whether an erasure of one of these was stopped midway."""
    key = session.scalar(select(ErasureKey.key))
    return key is not None and bool(_unfinished(session, [_digest(key, one) for one in names]))


def finish(session: Any, stand_in: str, who: str) -> None:
    """Note that nothing is left, and who did it, in the audit log."""
    erasure = session.get(Erasure, stand_in)
    erasure.finished_at = time.time()
    counts = {_word(name): count for name, count in erasure.found.items()}
    log.record(session, who, ACTION, stand_in=stand_in, rows=sum(counts.values()), **counts)


def prune(session: Any) -> None:
    """Forget what no broker can hold any more; the key goes with the last digest."""
    old = select(Erasure.stand_in).where(Erasure.finished_at < time.time() - KEPT_SECONDS)
    for table in (ErasedName, Erasure):
        session.execute(
            delete(table).where(table.stand_in.in_(old)),
            execution_options={"synchronize_session": False},
        )
    if not session.scalar(select(func.count()).select_from(ErasedName)):
        session.execute(delete(ErasureKey))


def _word(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.lower().replace("'s", ""))


def _unfinished(session: Any, digests: list[str]) -> Erasure | None:
    query = select(Erasure).join(ErasedName).where(
        ErasedName.digest.in_(digests), Erasure.finished_at.is_(None)
    )  # fmt: skip
    found: Erasure | None = session.scalars(query).first()
    return found


def _key(session: Any) -> str:
    found: str | None = session.scalar(select(ErasureKey.key))
    if found is None:
        found = secrets.token_hex(32)
        session.add(ErasureKey(id=1, key=found))
        session.flush()
    return found


def _digest(key: str, name: str) -> str:
    return hmac.new(key.encode(), name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
