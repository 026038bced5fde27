"""Lets old entries of the audit log go, and what is known of old erasures."""

from __future__ import annotations

import asyncio
import logging

from rasa_project.desk.audit import log
from rasa_project.desk.erasing import names
from rasa_project.desk.store.database import Store

logger = logging.getLogger(__name__)

_HOUR = 3600.0


async def run(store: Store, days: float) -> None:
    """Delete what is older than some days, at the start and every hour, for ever."""
    while True:
        try:
            await asyncio.to_thread(_prune, store, days)
        except Exception:  # a locked or full disk passes
            logger.exception("Old entries of the audit log stay; the desk tries again in an hour.")
        await asyncio.sleep(_HOUR)


def _prune(store: Store, days: float) -> None:
    with store.write() as session:
        log.prune(session, days)
        names.prune(session)
