from __future__ import annotations

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_project.intents import IntentClassifier

EXAMPLES = {"greet": ["hello", "hi there", "good day"], "order": ["my order", "where is it"]}


class Pipeline:
    """Tokenizer, featurizer and the classifier, trained on a handful of messages."""

    def __init__(self, storage: LocalModelStorage) -> None:
        context = ExecutionContext(GraphSchema({}), node_name="node")
        self.tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
        self.featurizer = CountVectorsFeaturizer.create(
            CountVectorsFeaturizer.get_default_config(), storage, Resource("featurizer"), context
        )
        self.classifier = IntentClassifier.create(
            IntentClassifier.get_default_config(), storage, Resource("intents"), context
        )
        data = TrainingData(
            [
                Message({TEXT: text, INTENT: intent})
                for intent, texts in EXAMPLES.items()
                for text in texts
            ]
        )
        self.tokenizer.process_training_data(data)
        self.featurizer.train(data)
        self.featurizer.process_training_data(data)
        self.classifier.train(data)

    def intents(self, *texts: str) -> list[str | None]:
        messages = [Message({TEXT: text}) for text in texts]
        self.featurizer.process(self.tokenizer.process(messages))
        return [message.get(INTENT)["name"] for message in self.classifier.process(messages)]


@pytest.fixture
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return Pipeline(LocalModelStorage.create(tmp_path_factory.mktemp("storage")))


def test_messages_with_words_get_their_intent(pipeline: Pipeline) -> None:
    assert pipeline.intents("hello there", "where is my order") == ["greet", "order"]


def test_a_message_without_words_has_no_intent_and_raises_nothing(pipeline: Pipeline) -> None:
    assert pipeline.intents("") == [None]


def test_a_message_without_words_leaves_the_others_their_intent(pipeline: Pipeline) -> None:
    assert pipeline.intents("", "hello", " ") == [None, "greet", None]
