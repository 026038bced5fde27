"""Brings the slots, entities and replies of this package into anyone's domain with one line."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.training_data.structures import (
    GENERATED_CHECKPOINT_PREFIX,
    Checkpoint,
    StoryGraph,
    StoryStep,
)
from rasa.shared.importers.rasa import RasaFileImporter

logger = logging.getLogger(__name__)

DOMAIN_FILE: Final = Path(__file__).parent / "domain.yml"
# Replies that no story names: the policy and the reply generator choose them.
OUTSIDE_STORIES: Final = (
    *("utter_handoff", "utter_offer_human", "utter_offer_declined"),
    "utter_acknowledge_*",
)


class EmotionImporter(RasaFileImporter):
    """Rasa's file importer, with `emotion_component/domain.yml` merged into the bot's domain.

        importers:
          - name: emotion_component.rasa_importer.EmotionImporter
            outside_stories: [utter_ask_*]  # replies that custom actions or forms choose

    A slot, entity or reply whose name the bot's own domain already uses stays the bot's; a log
    line says so. `rasa data validate` warns of every reply that no story names; replies that
    match a pattern of `outside_stories` are not warned of.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        outside_stories: list[str] | None = None,
    ) -> None:
        """Take Rasa's arguments and the key `outside_stories` of config.yml."""
        super().__init__(config_file, domain_path, training_data_paths)
        self._outside_stories = (*OUTSIDE_STORIES, *(outside_stories or []))

    def get_domain(self) -> Domain:
        """The bot's domain with what it lacks of this package's."""
        theirs = super().get_domain()
        if theirs.is_empty():  # nothing but NLU is being trained or tested
            return theirs
        return theirs.merge(Domain.from_dict(missing_from(theirs.as_dict())))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The bot's stories, unchanged to every policy (see `_step_outside_stories`)."""
        graph = super().get_stories(exclusion_percentage)
        if not graph.story_steps:
            return graph
        names = [
            name
            for name in self.get_domain().responses
            if any(fnmatchcase(name, pattern) for pattern in self._outside_stories)
        ]
        return graph.merge(StoryGraph([_step_outside_stories(names)])) if names else graph


def missing_from(domain: Mapping[str, Any]) -> dict[str, Any]:
    """Work out what of this package's domain another domain lacks.

    Args:
        domain: A domain as `Domain.as_dict` gives it.

    Returns:
        A domain dictionary without any name that `domain` already has.
    """
    ours = copy.deepcopy(_package_domain())
    kept: list[str] = []
    for section in ("slots", "responses"):
        taken = set(ours[section]) & set(domain.get(section) or {})
        ours[section] = {name: ours[section][name] for name in ours[section] if name not in taken}
        kept.extend(f"{section} {name}" for name in sorted(taken))
    taken = set(_names(ours["entities"])) & set(_names(domain.get("entities") or []))
    ours["entities"] = [
        entry for entry in ours["entities"] if not taken.intersection(_names([entry]))
    ]
    kept.extend(f"entities {name}" for name in sorted(taken))
    if kept:
        _note_kept(tuple(kept))
    return ours


def _step_outside_stories(names: Iterable[str]) -> StoryStep:
    """A story block that no story reaches, so that no policy ever learns from it.

    `rasa data validate` warns of each reply that no story or rule names. These are named here,
    behind a checkpoint that nothing leads to. Rasa generates such checkpoints itself and therefore
    passes over unreached ones of this prefix in silence.
    """
    return StoryStep(
        block_name="replies chosen outside stories",
        start_checkpoints=[Checkpoint(f"{GENERATED_CHECKPOINT_PREFIX}outside_stories")],
        events=[ActionExecuted(name) for name in sorted(names)],
        source_name=str(DOMAIN_FILE),
    )


@lru_cache(maxsize=1)
def _package_domain() -> dict[str, Any]:
    content: dict[str, Any] = rasa.shared.utils.io.read_yaml_file(DOMAIN_FILE)
    return content


def _names(entries: Iterable[Any]) -> list[str]:
    return [next(iter(entry)) if isinstance(entry, Mapping) else str(entry) for entry in entries]


@lru_cache(maxsize=8)  # Rasa asks for the domain many times a run; one note is enough.
def _note_kept(kept: tuple[str, ...]) -> None:
    logger.info("The bot's own domain keeps: %s.", ", ".join(kept))
