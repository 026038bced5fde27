from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from rasa_project.faq import FaqSelector

ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "faq/pay": ["how can I pay", "do you take cards", "which cards can I pay with"],
    "faq/shops": ["where is your shop", "is there a shop to visit", "can I visit you"],
    "order": ["where is my order", "my order please", "order status"],
    "out_of_scope": ["how tall is everest", "book me a flight", "who wrote hamlet"],
}
CONTEXT = ExecutionContext(GraphSchema({}), node_name="node")


class Pipeline:
    """Tokenizer, featurizer and the selector, trained on a handful of messages."""

    def __init__(self, storage: LocalModelStorage, **config: Any) -> None:
        self.tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
        self.featurizer = CountVectorsFeaturizer.create(
            CountVectorsFeaturizer.get_default_config(), storage, Resource("featurizer"), CONTEXT
        )
        self.config = {**FaqSelector.get_default_config(), **config}
        self.storage = storage
        self.selector = FaqSelector.create(self.config, storage, Resource("faq"), CONTEXT)

    def train(self, examples: dict[str, list[str]]) -> Pipeline:
        data = TrainingData(
            [_example(text, name) for name, texts in examples.items() for text in texts]
        )
        self.tokenizer.process_training_data(data)
        self.featurizer.train(data)
        self.featurizer.process_training_data(data)
        self.selector.train(data)
        return self

    def loaded(self) -> FaqSelector:
        return FaqSelector.load(self.config, self.storage, Resource("faq"), CONTEXT)

    def message(self, text: str, intent: str | None, confidence: float = 0.4) -> Message:
        """A message as the intent classifier and the fallback classifier leave it."""
        found = {"name": intent, "confidence": confidence}
        message = Message({TEXT: text, INTENT: found, "intent_ranking": [found]})
        self.featurizer.process(self.tokenizer.process([message]))
        return message

    def ask(self, text: str, intent: str | None, confidence: float = 0.4) -> Message:
        return self.selector.process([self.message(text, intent, confidence)])[0]


def _example(text: str, name: str) -> Message:
    intent, _, entry = name.partition("/")
    key = {INTENT_RESPONSE_KEY: name} if entry else {}
    return Message({TEXT: text, INTENT: intent, **key})


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(LocalModelStorage.create(tmp_path)).train(EXAMPLES)


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback"])
def test_a_question_outside_the_intents_gets_its_entry(pipeline: Pipeline, intent: str) -> None:
    message = pipeline.ask("which cards do you take", intent)
    sure = message.get(INTENT)["confidence"]
    assert message.get(INTENT) == {"name": "faq", "confidence": sure}
    assert sure >= 0.35
    assert [each["name"] for each in message.get("intent_ranking")] == ["faq", intent]


def test_the_event_tells_the_entry_its_score_and_what_came_next(pipeline: Pipeline) -> None:
    message = pipeline.ask("which cards do you take", "nlu_fallback")
    selected = message.as_dict(only_output_properties=True)["response_selector"]
    first, second = selected["faq"]["ranking"]
    assert first["intent_response_key"] == "faq/pay"
    assert second["intent_response_key"] == "faq/shops"
    assert first["confidence"] > second["confidence"]
    assert selected == {
        "all_retrieval_intents": ["faq"],
        "faq": {
            "response": {**first, "responses": [], "utter_action": "utter_faq/pay"},
            "ranking": [first, second],
        },
    }


def test_an_unsure_intent_yields_to_a_likelier_question(pipeline: Pipeline) -> None:
    assert pipeline.ask("which cards can I pay with", "order", 0.69).get(INTENT)["name"] == "faq"


def test_a_sure_intent_stays(pipeline: Pipeline) -> None:
    message = pipeline.ask("which cards can I pay with", "order", 0.7)
    assert message.get(INTENT) == {"name": "order", "confidence": 0.7}
    assert message.get("response_selector") is None


def test_an_unsure_intent_stays_where_no_question_is_likelier(pipeline: Pipeline) -> None:
    message = pipeline.ask("my order status", "order", 0.31)
    assert message.get(INTENT) == {"name": "order", "confidence": 0.31}


def test_what_the_faq_does_not_know_stays_out_of_scope_with_what_was_nearest(
    tmp_path: Path,
) -> None:
    strict = Pipeline(LocalModelStorage.create(tmp_path), threshold=1.0).train(EXAMPLES)
    message = strict.ask("how tall is your shop", "out_of_scope")
    nearest = message.get("response_selector")["faq"]["response"]["intent_response_key"]
    assert (nearest, message.get(INTENT)["name"]) == ("faq/shops", "out_of_scope")


def test_a_question_that_was_not_understood_and_has_no_entry_is_out_of_scope(
    tmp_path: Path,
) -> None:
    strict = Pipeline(LocalModelStorage.create(tmp_path), threshold=1.0).train(EXAMPLES)
    assert strict.ask("book me a hotel", "nlu_fallback").get(INTENT)["name"] == "out_of_scope"
    assert strict.ask("can I pay cash", "nlu_fallback").get(INTENT)["name"] == "out_of_scope"
    assert strict.ask("order order", "nlu_fallback").get(INTENT)["name"] == "nlu_fallback"


@pytest.mark.parametrize("text", ["", "???", "zzz"])
def test_a_message_without_a_known_word_is_left_alone(pipeline: Pipeline, text: str) -> None:
    message = pipeline.ask(text, "nlu_fallback")
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert message.get("response_selector") is None


def test_a_loaded_selector_chooses_as_the_trained_one(pipeline: Pipeline) -> None:
    message = pipeline.message("is there a shop", "nlu_fallback")
    loaded = pipeline.loaded().process([message])[0]
    assert loaded.get("response_selector") == pipeline.ask("is there a shop", "nlu_fallback").get(
        "response_selector"
    )


def test_a_faq_without_questions_is_refused(tmp_path: Path) -> None:
    none = {"order": EXAMPLES["order"]}
    with pytest.raises(InvalidConfigException, match=r"needs questions of the intent `faq`.*none"):
        Pipeline(LocalModelStorage.create(tmp_path)).train(none)


@pytest.mark.parametrize("name", ["threshold", "keep_intent_from"])
def test_a_probability_out_of_its_range_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidConfigException, match=rf"`{name}` must be between 0 and 1.*1\.4"):
        Pipeline(LocalModelStorage.create(tmp_path), **{name: 1.4})


def test_each_question_of_the_shop_has_an_answer_in_both_languages() -> None:
    files = sorted(str(path) for path in (ROOT / "data" / "faq").glob("*.yml"))
    data = training_data_from_paths(files, "zh")
    asked = {example.get(INTENT_RESPONSE_KEY) for example in data.intent_examples} - {None}
    languages = {
        name.removeprefix("utter_"): [bool(each.get("condition")) for each in variations]
        for name, variations in data.responses.items()
    }
    assert languages == {entry: [False, True] for entry in asked}


def test_no_message_that_measures_the_shop_was_trained_on() -> None:
    trained = _texts(*(ROOT / "data").glob("*/*.yml"))
    held_out = _texts(*(ROOT / "tests").glob("*_test.yml"), ROOT / "tests" / "faq_unseen.yml")
    assert len(held_out) > 700
    assert held_out & trained == set()


def _texts(*files: Path) -> set[str]:
    blocks = [
        block
        for file in files
        for block in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu", [])
    ]
    return {
        line.removeprefix("- ").strip().lower()
        for block in blocks
        for line in block.get("examples", "").splitlines()
    }
