"""Replies in the customer's language, with an acknowledgement where one is due."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import rasa.shared.utils.io
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.constants import CHANNEL, RESPONSE_CONDITION
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from emotion_component import acknowledgement, language, trajectory
from emotion_component.rasa_errors import as_rasa_errors

ACKNOWLEDGEMENTS_FILE: Final = Path(__file__).parent / "acknowledgements.yml"
LANGUAGE_SLOT: Final = "language"
DEFAULT_LANGUAGE: Final = "en"
# How many of the bot's latest messages are looked at to avoid saying the same again.
REMEMBERED_MESSAGES: Final = 20

Variation = dict[str, Any]


class EmpathicReplies(TemplatedNaturalLanguageGenerator):
    """Rasa's reply generator, with an ear for language and emotion.

        nlg:
          type: emotion_component.rasa_replies.EmpathicReplies
          default_language: en        # spoken until the customer's language is known
          acknowledge: [anger, worry] # emotions to acknowledge; all known ones unless set
          plain_replies: [utter_faq*] # replies that never carry an acknowledgement

    - Of a reply's variations it takes one whose `condition` on the slot `language` fits the
      customer, before one for the channel, before one without a condition; where none fits, one in
      the default language.
    - The variation said longest ago is preferred, so the same words never come twice in a row
      where there is a choice.
    - The first reply of a turn opens with an acknowledgement of the customer's emotion where one
      is due (see `emotion_component.acknowledgement`), in the same bubble. Buttons, images and
      custom payloads pass through as they are.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
    ) -> None:
        """Read the settings from endpoints.yml and the replies from the domain.

        Raises:
            InvalidConfigException: If a setting is not what it must be.
        """
        super().__init__(domain.responses if domain else {})
        settings = dict(endpoint_config.kwargs) if endpoint_config else {}
        self._default_language = str(settings.get("default_language", DEFAULT_LANGUAGE))
        with as_rasa_errors():
            self._acknowledger = acknowledgement.Acknowledger.from_settings(settings)

    @property
    def responses(self) -> dict[str, list[Variation]]:
        """The bot's replies and, where it has none of its own, this package's acknowledgements."""
        return self._responses

    @responses.setter
    def responses(self, theirs: Mapping[str, list[Variation]]) -> None:
        # Rasa builds the generator before it loads a model and hands the replies over afterwards.
        self._responses = _with_acknowledgements(theirs)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Generate a reply; `None` where the domain has none of that name."""
        slots = tracker.current_slot_values()
        slots[LANGUAGE_SLOT] = self._language(tracker, slots)
        earlier = list(_bot_messages(tracker))
        said = [acknowledgement.words_after_opening(message) for message in earlier]
        reply = self._fresh(utter_action, output_channel, slots, said, **kwargs)
        if reply is None:
            return None
        due = self._acknowledger.due(utter_action, reply.get("text"), tracker, self.responses)
        if due is None:
            return reply
        emotion, opening = due
        # In the language of the reply, which is not the customer's where the bot lacks it.
        slots[LANGUAGE_SLOT] = language.detect(reply["text"]) or slots[LANGUAGE_SLOT]
        opened = [acknowledgement.opening_of(message) or "" for message in earlier]
        words = self._fresh(opening, output_channel, slots, opened)
        if words is None or language.detect(words["text"]) != slots[LANGUAGE_SLOT]:
            return reply
        return acknowledgement.open_with(reply, emotion, words["text"])

    def _language(self, tracker: DialogueStateTracker, slots: Mapping[str, Any]) -> str:
        if slots.get(LANGUAGE_SLOT):
            return str(slots[LANGUAGE_SLOT])
        # Where a fallback reverted the first message, the slot is unset again but the event stays.
        newest = trajectory.recent_turns(tracker.events, turns=1)
        if newest and newest[0].emotion and newest[0].emotion.get("language"):
            return str(newest[0].emotion["language"])
        # A button pressed before anything was written: the page knows its language.
        metadata = (tracker.latest_message.metadata if tracker.latest_message else None) or {}
        return str(metadata.get("language") or self._default_language)

    def _fresh(
        self,
        utter_action: str,
        channel: str,
        slots: dict[str, Any],
        said: Sequence[str],
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Fill the fitting variation whose words were said longest ago."""
        fitting = self._fitting(utter_action, channel, slots)
        random.shuffle(fitting)
        filled = [
            self._fill_response(copy.deepcopy(variation), slots, **kwargs) for variation in fitting
        ]
        # `said` is newest first: the later in it, the longer ago it was said.
        return max(filled, key=lambda reply: _since(reply.get("text"), said), default=None)

    def _fitting(
        self, utter_action: str, channel: str, slots: Mapping[str, Any]
    ) -> list[Variation]:
        variations = [
            variation
            for variation in self.responses.get(utter_action, [])
            if variation.get(CHANNEL) in (None, channel)
        ]
        for spoken in (slots[LANGUAGE_SLOT], self._default_language):
            matching = _matching(variations, {**slots, LANGUAGE_SLOT: spoken})
            if matching:
                best = max(map(_precedence, matching))
                return [each for each in matching if _precedence(each) == best]
        return []


def _matching(variations: Sequence[Variation], slots: dict[str, Any]) -> list[Variation]:
    return [
        variation
        for variation in variations
        if ResponseVariationFilter._matches_filled_slots(slots, variation)
    ]


def _precedence(variation: Variation) -> tuple[bool, bool, bool]:
    """Rasa's own order (channel, then condition), after the customer's language.

    Rasa takes a variation for the channel without a condition before one with a condition for any
    channel, which would answer a Chinese customer with the channel's English text.
    """
    conditions = variation.get(RESPONSE_CONDITION) or []
    speaks = any(condition["name"] == LANGUAGE_SLOT for condition in conditions)
    return speaks, variation.get(CHANNEL) is not None, bool(conditions)


def _bot_messages(tracker: DialogueStateTracker) -> Iterator[Any]:
    """The bot's latest messages, newest first."""
    found = 0
    for seen, event in enumerate(reversed(tracker.events)):
        if seen >= trajectory.LOOK_BACK_EVENTS or found >= REMEMBERED_MESSAGES:
            return
        if event.type_name == "bot":
            found += 1
            yield event


@lru_cache(maxsize=1)
def _acknowledgements() -> dict[str, list[Variation]]:
    content: dict[str, Any] = rasa.shared.utils.io.read_yaml_file(ACKNOWLEDGEMENTS_FILE)
    replies: dict[str, list[Variation]] = content["responses"]
    return replies


def _with_acknowledgements(theirs: Mapping[str, list[Variation]]) -> dict[str, list[Variation]]:
    """Add this package's acknowledgements to a bot's replies; the bot's own come first.

    A bot that words an acknowledgement itself has worded both its tones.
    """
    ours = _acknowledgements()
    strong = acknowledgement.STRONG_SUFFIX
    missing = {
        name: variations
        for name, variations in ours.items()
        if name.removesuffix(strong) not in theirs
    }
    return {**missing, **theirs}


def _since(text: str | None, said: Sequence[str]) -> int:
    return said.index(text) if text in said else len(said)
