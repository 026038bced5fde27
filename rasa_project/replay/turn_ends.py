"""Reads from a trained Rasa model after which actions the bot listens.

`EscalationPolicy` learns it from stories and rules, and offers a human only there: a replay that
knows it too offers where the bot would.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

_FILE: Final = "turn_ends.json"


def read(project: Path) -> frozenset[str] | None:
    """Read them from the newest model of a project.

    Returns:
        Names of actions; `None` where there is no model, or none that holds them.
    """
    models = [path for path in (project / "models").glob("*.tar.gz") if path.is_file()]
    if not models:
        return None
    try:
        return _of_model(max(models, key=lambda path: path.stat().st_mtime))
    except (OSError, tarfile.TarError, ValueError):  # half written, or of another version
        return None


def has_ended(actions: Sequence[str], form: str | None, ends: Collection[str] | None) -> bool:
    """Tell whether the bot had done all that it does on a turn; as the policy tells it.

    Args:
        actions: The bot's on this turn, in order.
        form: The form that waits for an answer, if one does.
        ends: What `read` gave; `None`: whatever the bot did last ended its turn.
    """
    if not actions:
        return False
    if form is not None:  # Rasa listens after a form that has asked its question
        return actions[-1] == form
    return ends is None or actions[-1] in ends


def _of_model(path: Path) -> frozenset[str] | None:
    with tarfile.open(path) as archive:
        for member in archive:
            if Path(member.name).name == _FILE:
                file = archive.extractfile(member)
                return frozenset(map(str, json.load(file))) if file else None
    return None
