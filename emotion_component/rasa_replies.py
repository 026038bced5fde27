"""Replies in the customer's language, with an acknowledgement where one is due."""

from __future__ import annotations

import copy
import logging
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

from emotion_component import language, trajectory
from emotion_component.acknowledgement import memory, times, wording
from emotion_component.acknowledgement.occasion import Acknowledger, Occasion
from emotion_component.rasa_errors import as_rasa_errors

logger = logging.getLogger(__name__)

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
      is due (see `emotion_component.acknowledgement`), in the same bubble and never twice in the
      same words in a conversation. Buttons, images and custom payloads pass through as they are.
    - A reply of the author's named `utter_acknowledge_cause_<intent>` (and `_brief`, `_strong`)
      names what went wrong to somebody who complains with that intent. A variation is passed over
      while a placeholder is empty; `{late_by}` and `{waited}` are times that the message names.
    - A failure in all this is logged once, and the plain reply goes out.
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
        self._failure_was_logged = False
        with as_rasa_errors():
            self._acknowledger = Acknowledger.from_settings(settings)

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
        try:
            slots[LANGUAGE_SLOT] = self._language(tracker, slots)
            said = [memory.words_after_opening(message) for message in _bot_messages(tracker)]
            reply = self._fresh(utter_action, output_channel, slots, said, **kwargs)
        except Exception as error:
            self._log_once(error)
            reply = self.generate_from_slots(utter_action, slots, output_channel, **kwargs)
        if reply is None:
            return None
        try:
            return self._acknowledged(reply, utter_action, tracker, output_channel, slots)
        except Exception as error:
            self._log_once(error)
            return reply

    def _acknowledged(
        self,
        reply: dict[str, Any],
        utter_action: str,
        tracker: DialogueStateTracker,
        channel: str,
        slots: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Open a reply with an acknowledgement where one is due, and carry on what was said."""
        past = memory.recall(tracker.events)
        occasion = self._acknowledger.due(
            utter_action, reply.get("text"), tracker, past, self.responses
        )
        chosen = self._words(occasion, past, reply["text"], channel, slots) if occasion else None
        if occasion is None or chosen is None:
            return past.memory.put_into(reply)
        as_written, words = chosen
        opened = wording.open_with(reply, words, occasion.emotion, occasion.intensity)
        return past.memory.after(as_written).put_into(opened)

    def _words(
        self,
        occasion: Occasion,
        past: memory.Past,
        reply: str,
        channel: str,
        slots: Mapping[str, Any],
    ) -> tuple[str, str] | None:
        """Choose words not said yet; `None` where there are none. As written and as filled in."""
        # In the language of the reply, which is not the customer's where the bot lacks it.
        spoken = language.detect(reply) or slots[LANGUAGE_SLOT]
        said = times.said_times(past.texts[0], spoken) if spoken in times.LANGUAGES else {}
        values = {**slots, LANGUAGE_SLOT: spoken, **said}
        for name in occasion.names:
            texts = [each.get("text") for each in self._fitting(name, channel, values)]
            unsaid = [
                (text, self._fill_response({"text": text}, values)["text"])
                for text in texts
                if text and wording.can_be_filled(text, values) and text not in past.memory
            ]
            fitting = [each for each in unsaid if language.detect(each[1]) == spoken]
            if fitting:
                random.shuffle(fitting)
                return max(fitting, key=lambda each: wording.rank(*each, terse=occasion.terse))
        return None

    def _log_once(self, error: Exception) -> None:
        if not self._failure_was_logged:
            self._failure_was_logged = True
            logger.warning(
                "A reply goes out without an acknowledgement, because choosing one failed. "
                "Further failures of this process are not logged.",
                exc_info=error,
            )

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

    A bot that words an acknowledgement itself has worded all its tones.
    """
    missing = {
        name: variations
        for name, variations in _acknowledgements().items()
        if not wording.is_overridden(name, theirs)
    }
    return {**missing, **theirs}


def _since(text: str | None, said: Sequence[str]) -> int:
    return said.index(text) if text in said else len(said)
