"""The intent classifier of the demo shop: Rasa's, made to survive a message without words."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Rasa's `LogisticRegressionClassifier`, and no intent for a message without features.

    An empty message, or one of unknown signs alone, has none. After `JiebaTokenizer` Rasa's
    component raises on it, and the customer gets no answer. Here it has no intent and confidence
    0, as from `DIETClassifier`, which the `FallbackClassifier` turns into "not understood".
    Configured as Rasa's component is.
    """

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
