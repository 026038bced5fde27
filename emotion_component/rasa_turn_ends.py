"""After which actions a bot stops and listens, learned from its stories and rules.

A policy is not told what the others predict. To say something after the bot's answer, and never
between two replies that belong together, one must know which actions end a turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import rasa.shared.utils.io
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import RULE_SNIPPET_ACTION_NAME, SHOULD_NOT_BE_SET
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from emotion_component.rasa_turn import LISTEN

# Changes whenever something else is learned: Rasa's cache must not bring back what was learned by
# an older version of this file.
VERSION: Final = "1"
_FILE: Final = "turn_ends.json"


def learn(trackers: Iterable[DialogueStateTracker]) -> set[str]:
    """Find the actions that, outside a form, are always followed by listening.

    Inside a form the form itself is run again after an answer to something else, which says
    nothing about the same answer elsewhere.

    Args:
        trackers: The training trackers of stories and rules.
    """
    ending: set[str] = set()
    going_on: set[str] = set()
    for tracker in trackers:
        before: str | None = None
        in_form = False
        for event in tracker.events:
            if event.type_name == "active_loop":
                # In a rule a form that is over has the name of what must not be set.
                in_form = event.name not in (None, SHOULD_NOT_BE_SET)
            if event.type_name != "action" or event.action_name == RULE_SNIPPET_ACTION_NAME:
                continue
            if before is not None and not in_form:
                (ending if event.action_name == LISTEN else going_on).add(before)
            before = None if event.action_name == LISTEN else event.action_name
    return ending - going_on


def has_ended(tracker: DialogueStateTracker, actions: list[str], ends: Collection[str]) -> bool:
    """Tell whether the bot has done all that it does on this turn.

    Args:
        tracker: The conversation.
        actions: Names of the actions of this turn.
        ends: What `learn` gave.
    """
    if not actions:
        return False
    if tracker.active_loop_name:
        # Rasa listens after a form that is still open has asked its question.
        return bool(actions[-1] == tracker.active_loop_name)
    return actions[-1] in ends


def save(ends: Iterable[str], storage: ModelStorage, resource: Resource) -> None:
    """Keep what was learned in the model."""
    with storage.write_to(resource) as folder:
        rasa.shared.utils.io.dump_obj_as_json_to_file(folder / _FILE, sorted(ends))


def load(storage: ModelStorage, resource: Resource) -> set[str]:
    """Read what `save` wrote.

    Raises:
        RasaException: If the model holds nothing of it.
    """
    try:
        with storage.read_from(resource) as folder:
            return set(rasa.shared.utils.io.read_json_file(folder / _FILE))
    except (ValueError, RasaException) as error:
        raise RasaException(
            "This model was trained with an older EscalationPolicy, which did not learn where the "
            "bot's turns end. Train it again with `rasa train`."
        ) from error
