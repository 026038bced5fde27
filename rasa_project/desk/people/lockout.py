"""Failed sign-ins: who has to wait, so that nobody guesses and nobody is locked out for ever.

A lock on a name alone lets any stranger keep its owner out by failing on purpose; a lock on an
address alone lets a stranger with many addresses guess. So failures are counted in three ways:

- of a name from one address;
- of an address, whatever the names;
- of a name from all addresses together.

A browser in which a person has signed in before is known by a cookie of its own, and counts for
itself alone: none of the three keeps its owner out. This is what OWASP calls device cookies
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

from __future__ import annotations

import math
import secrets
import time
from typing import Any

from sqlalchemy import delete

from rasa_project.desk.errors import TooManyRequests
from rasa_project.desk.people.identity import Visitor, hash_token
from rasa_project.desk.store.models import Agent, KnownBrowser, SignInFailures

LOCK_SECONDS = 15 * 60.0
PAIR_FAILURES = 5
ADDRESS_FAILURES = 20  # an office may share an address
NAME_FAILURES = 50
KNOWN_SECONDS = 180 * 24 * 3600.0  # a browser that was away longer is a stranger again
_FORGET_SECONDS = 24 * 3600.0
_NAME_CHARACTERS = 40


def keys(session: Any, name: str, visitor: Visitor, agent: Agent | None) -> dict[str, int]:
    """Return what an attempt counts for, each with the failures that lock it."""
    if agent is not None and (known := _known(session, visitor, agent)):
        return {f"browser {known.token_hash}": PAIR_FAILURES}
    name = name[:_NAME_CHARACTERS]
    counted = {f"pair {visitor.address} {name}": PAIR_FAILURES, f"name {name}": NAME_FAILURES}
    if visitor.address:
        counted[f"address {visitor.address}"] = ADDRESS_FAILURES
    return counted


def require_unlocked(session: Any, counted: dict[str, int]) -> None:
    """Hold that none of these has to wait.

    Raises:
        TooManyRequests: One has.
    """
    entries = [session.get(SignInFailures, key) for key in counted]
    left = max((entry.locked_until - time.time() for entry in entries if entry), default=0.0)
    if left > 0:
        minutes = math.ceil(left / 60)
        raise TooManyRequests(
            "locked", f"Too many failed attempts. Try again in {minutes} min.", left,
            minutes=minutes,
        )  # fmt: skip


def count_failure(session: Any, counted: dict[str, int]) -> None:
    """Count a failed attempt; old ones go."""
    now = time.time()
    for key, most in counted.items():
        entry = session.get(SignInFailures, key)
        if entry is None:
            entry = SignInFailures(key=key, failures=0, last_at=now, locked_until=0.0)
            session.add(entry)
        elif entry.last_at < now - _FORGET_SECONDS:
            entry.failures = 0
        entry.failures, entry.last_at = entry.failures + 1, now
        if entry.failures >= most:
            entry.failures, entry.locked_until = 0, now + LOCK_SECONDS
    session.flush()
    old = SignInFailures.last_at < now - _FORGET_SECONDS
    session.execute(delete(SignInFailures).where(old))


def forget(session: Any, counted: dict[str, int]) -> None:
    """Forget the failures of a person after a success; those of an address count on."""
    own = [key for key in counted if not key.startswith("address ")]
    session.execute(delete(SignInFailures).where(SignInFailures.key.in_(own)))


def unlock(session: Any, name: str) -> None:
    """Forget all failures of a name, wherever they came from."""
    of_pair = SignInFailures.key.startswith("pair ") & SignInFailures.key.endswith(
        f" {name}", autoescape=True
    )
    gone = delete(SignInFailures).where((SignInFailures.key == f"name {name}") | of_pair)
    session.execute(gone, execution_options={"synchronize_session": False})


def remember_browser(session: Any, agent: Agent, visitor: Visitor) -> str | None:
    """Know this browser at its next sign-in; return its new token, None if it is known already."""
    now = time.time()
    session.execute(delete(KnownBrowser).where(KnownBrowser.last_at < now - KNOWN_SECONDS))
    if known := _known(session, visitor, agent):
        known.last_at = now
        return None
    token = secrets.token_urlsafe(32)
    session.add(KnownBrowser(token_hash=hash_token(token), agent_id=agent.id, last_at=now))
    return token


def _known(session: Any, visitor: Visitor, agent: Agent) -> KnownBrowser | None:
    if not visitor.known:
        return None
    known: KnownBrowser | None = session.get(KnownBrowser, hash_token(visitor.known))
    if known is None or known.agent_id != agent.id:
        return None
    return known if known.last_at > time.time() - KNOWN_SECONDS else None
