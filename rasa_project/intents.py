"""The intent classifier of the demo shop: Rasa's, for what the bot does, not for its FAQ."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Rasa's `LogisticRegressionClassifier`, without retrieval intents, and safe without words.

    The questions of a FAQ (`faq/delivery_cost`) it leaves to the component that answers them. As
    an intent of their own, so many and so mixed, they would draw messages from all the others.

    An empty message, or one of unknown signs alone, has none. After `JiebaTokenizer` Rasa's
    component raises on it, and the customer gets no answer. Here it has no intent and confidence
    0, as from `DIETClassifier`, which the `FallbackClassifier` turns into "not understood".
    Configured as Rasa's component is.
    """

    def train(self, training_data: TrainingData) -> Resource:
        """Learn every intent but the retrieval intents."""
        own = [
            each for each in training_data.training_examples if not each.get(INTENT_RESPONSE_KEY)
        ]
        return super().train(TrainingData(own))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message."""
        worded = []
        for message in messages:
            if _has_features(message):
                worded.append(message)
            else:
                nothing = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
                message.set(INTENT, nothing, add_to_output=True)
        if worded:
            super().process(worded)
        return messages


def _has_features(message: Message) -> bool:
    _, sparse = message.get_sparse_features(TEXT)
    _, dense = message.get_dense_features(TEXT)
    return dense is not None or (sparse is not None and sparse.features.nnz > 0)
