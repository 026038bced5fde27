"""Answers of the FAQ: finds the question that a message asks, or says that there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import skops.io  # type: ignore[import-untyped]  # skops ships no types
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

RANKING: Final = "intent_ranking"
NOT_UNDERSTOOD: Final = "nlu_fallback"
# How many entries an event keeps, the likeliest first: enough to see what else was near.
KEPT_ENTRIES: Final = 3
_FILE: Final = "faq.skops"
# How the TF-IDF weights are kept; skops knows SciPy's matrices only by their public names.
_TRUSTED: Final = ["scipy.sparse._csr.csr_matrix"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqSelector(GraphComponent):
    """Finds the FAQ entry that a message asks for; stands last among the intent classifiers.

    Takes the place of Rasa's `ResponseSelector`, and reads and writes what that does: retrieval
    intents (`faq/delivery_cost`) in the NLU data, replies of the same names
    (`utter_faq/delivery_cost`), and the message property `response_selector`, from which Rasa's
    own action `utter_faq` takes its reply. That property stays in the conversation's events, so
    one sees which entry was chosen, how sure the choice was and which came next.

    A linear model over TF-IDF weights of the pipeline's features learns the entries beside all
    other intents. Unlike `ResponseSelector`, which chooses among the entries alone, it can find
    that a message asks for none of them.

    - A message whose intent is `no_answer_intent` or `nlu_fallback` gets the best entry from
      `threshold` on.
    - An intent of which its classifier is less sure than `keep_intent_from` yields to an entry
      that is also likelier than each of the other intents.
    - Where none is chosen, a message that was not understood and is likelier a question than one
      of the bot's matters gets the intent `no_answer_intent`.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Features to learn from."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return {
            "intent": "faq",
            "no_answer_intent": "out_of_scope",
            # Probability of an entry, 0 to 1, from which it is given as the answer.
            "threshold": 0.35,
            # Confidence of another intent, 0 to 1, from which that intent stays.
            "keep_intent_from": 0.7,
            # Inverse strength of the regularization. A weaker one spreads the probabilities more.
            "C": 50.0,
        }

    def __init__(
        self,
        config: Mapping[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Pipeline | None = None,
    ) -> None:
        """Check the settings.

        Raises:
            InvalidConfigException: If a probability is out of its range.
        """
        self._config = {**self.get_default_config(), **config}
        for name in ("threshold", "keep_intent_from"):
            if not 0.0 <= float(self._config[name]) <= 1.0:
                raise InvalidConfigException(
                    f"`{name}` must be between 0 and 1. Received: {name}={self._config[name]}. "
                    "Set it in config.yml under FaqSelector."
                )
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FaqSelector:
        """An untrained selector."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FaqSelector:
        """The selector as it was trained."""
        with model_storage.read_from(resource) as folder:
            # Only types that skops knows, and this: a model file cannot bring code of its own.
            model = skops.io.load(folder / _FILE, trusted=_TRUSTED)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the entries beside all other intents.

        Raises:
            InvalidConfigException: If the NLU data hold no entry.
        """
        examples = [each for each in training_data.intent_examples if _features(each) is not None]
        labels = [str(each.get_full_intent()) for each in examples]
        if not any(self._is_entry(label) for label in labels):
            raise InvalidConfigException(
                f"FaqSelector needs questions of the intent `{self._config['intent']}`. Received "
                f"none in the NLU data. Write them as `{self._config['intent']}/<entry>`, for "
                "example in data/faq, or take FaqSelector out of config.yml."
            )
        self._model = make_pipeline(
            TfidfTransformer(sublinear_tf=True),
            LogisticRegression(C=self._config["C"], solver="liblinear", random_state=42),
        )
        self._model.fit(vstack([_features(each) for each in examples]), labels)
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump(self._model, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and `response_selector` of each message that an entry may answer."""
        for message in messages:
            features = _features(message)
            if features is not None:
                self._select(message, features)
        return messages

    def _select(self, message: Message, features: csr_matrix) -> None:
        assert self._model is not None  # `process` runs on a trained or a loaded selector
        probabilities = self._model.predict_proba(features)[0]
        order = np.argsort(-probabilities)
        ranking = [(str(self._model.classes_[at]), float(probabilities[at])) for at in order]
        likeliest = ranking[0][0]
        intent = message.get(INTENT) or {}
        # Nothing fits the message but what the FAQ is there for.
        outside = intent.get(INTENT_NAME_KEY) in (self._config["no_answer_intent"], NOT_UNDERSTOOD)
        unsure = float(intent.get(PREDICTED_CONFIDENCE_KEY, 0.0)) < self._config["keep_intent_from"]
        if not (outside or (unsure and self._is_entry(likeliest))):
            return
        entries = [(name, sure) for name, sure in ranking if self._is_entry(name)][:KEPT_ENTRIES]
        message.set(RESPONSE_SELECTOR, self._record(entries), add_to_output=True)
        no_answer = self._config["no_answer_intent"]
        if entries[0][1] >= self._config["threshold"]:
            _put_first(message, self._config["intent"], entries[0][1])
        elif intent.get(INTENT_NAME_KEY) == NOT_UNDERSTOOD and (
            self._is_entry(likeliest) or likeliest == no_answer
        ):
            _put_first(message, no_answer, ranking[0][1])

    def _is_entry(self, label: str) -> bool:
        return label.startswith(f"{self._config['intent']}/")

    def _record(self, entries: Sequence[tuple[str, float]]) -> dict[str, Any]:
        """What Rasa's `ResponseSelector` writes; the words of the replies stay in the domain."""
        ranked = [
            {INTENT_RESPONSE_KEY: name, PREDICTED_CONFIDENCE_KEY: round(sure, 4)}
            for name, sure in entries
        ]
        best = {**ranked[0], "responses": [], "utter_action": f"utter_{entries[0][0]}"}
        intent = self._config["intent"]
        return {"all_retrieval_intents": [intent], intent: {"response": best, "ranking": ranked}}


def _features(message: Message) -> csr_matrix | None:
    """The message's sparse sentence features, one row; `None` where it has no known word."""
    _, sparse = message.get_sparse_features(TEXT)
    if sparse is None or sparse.features.nnz == 0:
        return None
    return csr_matrix(sparse.features)


def _put_first(message: Message, intent: str, confidence: float) -> None:
    """Set the intent, and put it before those of the ranking, as `FallbackClassifier` does."""
    chosen = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
    message.set(INTENT, chosen, add_to_output=True)
    message.set(RANKING, [chosen, *(message.get(RANKING) or [])], add_to_output=True)
