"""The Rasa component that puts the emotion of each customer message into the conversation."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from emotion_component import (
    artifact,
    classifier,
    component_settings,
    consent,
    course,
    dissatisfaction,
    explanation,
    manner,
    trajectory,
)
from emotion_component.course import Course
from emotion_component.language import LANGUAGES, detect
from emotion_component.rasa_errors import as_rasa_errors
from emotion_component.wordless import is_wordless

logger = logging.getLogger(__name__)

PROPERTY: Final = "emotion"
# Folder inside the Rasa model's resource.
WEIGHTS_FOLDER: Final = "weights"
# "ok", "SO-1042", "iPhone 15": a word or two of Latin script is in a Chinese conversation too.
FEW_LATIN_WORDS: Final = 2

_LATIN_WORD = re.compile(r"[A-Za-z]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EmotionClassifier(GraphComponent):
    """Sets the message property `emotion`, and fills the emotion slots inside a conversation.

        pipeline:
          - name: emotion_component.EmotionClassifier
            weights: null          # a model folder; null: the weights of the package
            device: auto           # auto, cpu, gpu:0
            abstain_below: null    # confidence under which it declines; null: as tuned
            default_language: en   # until a message has letters to judge by
            emit_entities: true    # fill the slots; false: the property alone
            backend: local         # local, or serving: ask a TensorFlow Serving server first
            serving_url: null      # its REST address, such as http://localhost:8501
            serving_model: emotion # the model's name there
            serving_timeout: 0.25  # seconds after which the local model answers instead

    Where the customer does not want the tone read (see `consent`), the model is not asked: the
    property is the stated neutral with `abstained` and `declined`, and carries no past.

    The slots are filled through entities, which are emitted only inside a conversation: a parse
    without one (`/model/parse`, `rasa test nlu`) shows the property and no entity.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings and their defaults."""
        return dict(component_settings.DEFAULTS)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: classifier.EmotionModel | None = None,
    ) -> None:
        """Check the settings.

        Raises:
            InvalidConfigException: If a setting is unknown or not what it must be.
        """
        with as_rasa_errors():
            component_settings.check(config)
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._failure_was_logged = False

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmotionClassifier:
        """Create the component for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmotionClassifier:
        """Load the weights that `train` put into the Rasa model.

        Raises:
            RasaException: If they are missing or damaged, or the device does not exist: a bot
                without its emotion model is noticed when it starts, not by its customers.
        """
        _log_as_rasa_does()
        dissatisfaction.chance(Course())  # reads its weights now, not on a customer's first turn
        with as_rasa_errors(), model_storage.read_from(resource) as folder:
            model = classifier.load(
                Path(folder) / WEIGHTS_FOLDER,
                config["device"],
                abstain_below=config["abstain_below"],
                server=component_settings.server(config),
            )
        return cls(config, model_storage, resource, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The hash of the weights, so that new weights are never shadowed by Rasa's cache."""
        with as_rasa_errors():
            return artifact.open_bundle(component_settings.weights(config)).fingerprint

    def train(self, training_data: TrainingData) -> Resource:
        """Copy the weights into the Rasa model; they are trained by `emotion train`."""
        source = component_settings.weights(self._config)
        with as_rasa_errors():
            artifact.open_bundle(source)
        with self._model_storage.write_to(self._resource) as folder:
            target = Path(folder) / WEIGHTS_FOLDER
            shutil.rmtree(target, ignore_errors=True)  # `rasa train --finetune` starts from a copy
            target.mkdir()
            shutil.copy2(source / artifact.CARD_FILE, target)
            shutil.copytree(source / artifact.SAVED_MODEL, target / artifact.SAVED_MODEL)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: no later component learns from emotions."""
        return training_data

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the property `emotion` on each message; inside a conversation add the entities."""
        earlier = trajectory.so_far(tracker.events) if tracker else Course()
        habit = earlier.habit()
        declined = [_is_declined(message, tracker) for message in messages]
        asked = [each for each, no in zip(messages, declined, strict=True) if not no]
        emotions = iter(self._classify([manner.even(_words(each), habit) for each in asked]))
        for message, no in zip(messages, declined, strict=True):
            if no:
                described = self._decline(message, tracker)
            else:
                described = self._describe(next(emotions), message, tracker, earlier)
            message.set(PROPERTY, described, add_to_output=True)
            if tracker and tracker.events and self._config["emit_entities"]:
                entities = [*(message.get(ENTITIES) or []), *_entities(described, message)]
                message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def explain(self, text: str, label: str | None = None) -> dict[str, Any]:
        """Say which words moved a label's score in a text; about 100 ms, so not on an event loop.

        Raises:
            ConfigurationError: If the label is unknown.
        """
        if self._model is None:
            raise RuntimeError("EmotionClassifier was asked to explain a text before `load`.")
        return explanation.explain(self._model, text, label).to_dict()

    def _classify(self, texts: list[str]) -> list[classifier.Emotion]:
        """Classify, or abstain where that fails: a reply must never hang on an emotion."""
        if not texts:
            return []
        if self._model is None:
            raise RuntimeError("EmotionClassifier was asked to read messages before `load`.")
        try:
            return self._model.predict(texts)
        except Exception:
            if not self._failure_was_logged:
                self._failure_was_logged = True
                logger.exception(
                    "The emotion model failed; messages are taken as neutral. "
                    "Further failures of this process are not logged."
                )
            return [classifier.Emotion.neutral(None, self._model.name) for _ in texts]

    def _describe(
        self,
        emotion: classifier.Emotion,
        message: Message,
        tracker: DialogueStateTracker | None,
        earlier: Course,
    ) -> dict[str, Any]:
        described = emotion.to_dict()
        now = earlier.after(described, _text(message))
        # Where nothing was judged (a button's payload, a URL) the letters are nobody's words.
        detected = emotion.language if emotion.scores else None
        spoken = self._language(message, detected, _spoken_before(tracker))
        return {
            **described,
            "language": spoken,
            "trend": now.trend,
            "streak": now.streak,
            "forecast": dissatisfaction.chance(now).probability,
            course.KEY: now.to_dict(),
        }

    def _decline(self, message: Message, tracker: DialogueStateTracker | None) -> dict[str, Any]:
        """State that nothing was read; the language is that of the letters, not of a mood."""
        name = self._model.name if self._model else ""
        unread = classifier.Emotion.neutral(None, name)
        described = self._describe(unread, message, None, Course())
        spoken = self._language(message, detect(_text(message)), _spoken_before(tracker))
        return {**described, "language": spoken, consent.DECLINED: True}

    def _language(self, message: Message, detected: str | None, before: str | None) -> str:
        words = _LATIN_WORD.findall(_text(message))
        if detected == "en" and before == "zh" and len(words) <= FEW_LATIN_WORDS:
            return before
        of_page = (message.get("metadata") or {}).get("language")
        known = of_page if of_page in LANGUAGES else None
        return detected or before or known or str(self._config["default_language"])


def _text(message: Message) -> str:
    return message.get(TEXT) or ""


def _words(message: Message) -> str:
    """Return what can carry a mood: nothing where a file came alone."""
    text = _text(message)
    return "" if is_wordless(text, message.get("metadata")) else text


def _is_declined(message: Message, tracker: DialogueStateTracker | None) -> bool:
    return consent.is_declined(message.get("metadata"), tracker.events if tracker else ())


def _log_as_rasa_does() -> None:
    # Scientific packages that Rasa imports late raise the root logger's level to WARNING. Rasa's
    # own lines keep the level that the user chose, and so do this package's.
    chosen = logging.getLogger("rasa").level
    ours = logging.getLogger(__package__)
    if chosen != logging.NOTSET and ours.level == logging.NOTSET:
        ours.setLevel(chosen)


def _entities(emotion: Mapping[str, Any], message: Message) -> list[dict[str, Any]]:
    """The entities whose `from_entity` mappings fill the slots of this turn."""
    values = {
        "emotion": emotion["name"],
        "emotion_intensity": emotion["intensity"],
        "emotion_trend": emotion["trend"],
        "language": emotion["language"],
    }
    # They speak of the whole message. Rasa's tools expect a span on every entity.
    span = {ENTITY_ATTRIBUTE_START: 0, ENTITY_ATTRIBUTE_END: len(_text(message))}
    return [
        {
            ENTITY_ATTRIBUTE_TYPE: name,
            ENTITY_ATTRIBUTE_VALUE: value,
            **span,
            EXTRACTOR: EmotionClassifier.__name__,
        }
        for name, value in values.items()
    ]


def _spoken_before(tracker: DialogueStateTracker | None) -> str | None:
    if tracker is None:
        return None
    # The newest turn first: where a fallback reverted it, the slot holds the turn before.
    newest = trajectory.earlier_emotions(tracker.events, turns=1)
    # `tracker.get_slot` would log each look at a slot that a domain lacks.
    slot = tracker.slots.get("language")
    spoken = newest[0].get("language") if newest else slot.value if slot else None
    return str(spoken) if spoken in LANGUAGES else None
