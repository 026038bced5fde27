from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import emotion_component
from emotion_component import classifier, dissatisfaction, labels, trajectory
from emotion_component.course import Course
from emotion_component.rasa_nlu import EmotionClassifier
from tests.emotion_component.conversation import emotion, said, tracker
from tests.ports import free_ports

CONTEXT = ExecutionContext(GraphSchema({}))
RESOURCE = Resource("emotion")
DEFAULTS: dict[str, Any] = {**EmotionClassifier.get_default_config(), "device": "cpu"}
ANGRY = "my order is three weeks late and nobody answers!!! this is a joke"


def train(storage: LocalModelStorage, **config: Any) -> Resource:
    component = EmotionClassifier.create({**DEFAULTS, **config}, storage, RESOURCE, CONTEXT)
    return component.train(TrainingData())


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("model"))
    train(storage)
    return storage


@pytest.fixture(scope="module")
def component(storage: LocalModelStorage) -> EmotionClassifier:
    return EmotionClassifier.load(DEFAULTS, storage, RESOURCE, CONTEXT)


def read(
    component: EmotionClassifier,
    text: str | None,
    conversation: DialogueStateTracker | None = None,
    **data: Any,
) -> Message:
    message = Message({"text": text, **data})
    assert component.process([message], conversation) == [message]
    return message


def entities(message: Message) -> dict[str, Any]:
    return {each["entity"]: each["value"] for each in message.get("entities", [])}


def test_it_predicts_the_same_after_it_was_persisted_and_loaded(
    component: EmotionClassifier,
) -> None:
    (before,) = classifier.load(device="cpu").predict([ANGRY])

    after = read(component, ANGRY).get("emotion")

    course = Course().after(before.to_dict(), ANGRY)
    assert after == {
        **before.to_dict(),
        "trend": 0.0,
        "streak": 1,
        "forecast": dissatisfaction.chance(course).probability,
        "trajectory": course.to_dict(),
    }
    assert after["name"] in labels.NEGATIVE


def test_the_property_is_part_of_the_output_and_a_parse_has_no_entity(
    component: EmotionClassifier,
) -> None:
    outside = DialogueStateTracker.from_events("nobody", [])

    for conversation in (None, outside):
        message = read(component, ANGRY, conversation)
        assert "emotion" in message.as_dict(only_output_properties=True)
        assert message.get("entities") is None


def test_inside_a_conversation_the_entities_carry_the_slots_values(
    component: EmotionClassifier,
) -> None:
    message = read(component, ANGRY, tracker([said(emotion("neutral"))]))
    felt = message.get("emotion")

    assert message.get("entities") == [
        {
            "entity": name,
            "value": value,
            "start": 0,
            "end": len(ANGRY),
            "extractor": "EmotionClassifier",
        }
        for name, value in (
            ("emotion", felt["name"]),
            ("emotion_intensity", felt["intensity"]),
            ("emotion_trend", felt["trend"]),
            ("language", "en"),
        )
    ]
    assert felt["trend"] < 0


def test_other_extractors_entities_are_kept(component: EmotionClassifier) -> None:
    theirs = {"entity": "city", "value": "Berlin", "start": 0, "end": 6}

    message = read(component, "Berlin please", tracker([said()]), entities=[theirs])

    assert message.get("entities")[0] == theirs
    assert set(entities(message)) == {
        *("city", "emotion", "emotion_intensity", "emotion_trend", "language"),
    }


def test_the_entities_can_be_switched_off(storage: LocalModelStorage) -> None:
    quiet = EmotionClassifier.load({**DEFAULTS, "emit_entities": False}, storage, RESOURCE, CONTEXT)

    assert read(quiet, ANGRY, tracker([said()])).get("entities") is None


def test_the_streak_goes_on_from_earlier_turns(component: EmotionClassifier) -> None:
    conversation = tracker([said(emotion("anger")), said(emotion("worry"))])

    assert read(component, ANGRY, conversation).get("emotion")["streak"] == 3


def hear(
    component: EmotionClassifier, conversation: DialogueStateTracker, text: str
) -> dict[str, Any]:
    """Read a message inside a conversation and put it there, as Rasa does."""
    message = read(component, text, conversation)
    felt: dict[str, Any] = message.get("emotion")
    parsed = {"text": text, "intent": {"name": "complain"}, "entities": [], "emotion": felt}
    conversation.update(UserUttered(text, parsed["intent"], [], parsed))
    return felt


def test_the_course_of_the_whole_conversation_travels_in_the_property(
    component: EmotionClassifier,
) -> None:
    conversation = tracker([])
    turns = [hear(component, conversation, ANGRY) for _ in range(30)]
    calm = hear(component, conversation, "ok, thank you")

    assert [turn["trajectory"]["turns"] for turn in turns] == list(range(1, 31))
    assert calm["trajectory"]["negative"] == 30
    assert calm["trajectory"]["peak"] == max(turn["trajectory"]["now"] for turn in turns)
    assert trajectory.so_far(conversation.events) == Course.from_emotion(calm)


def test_the_forecast_rises_with_each_complaint_and_falls_when_the_customer_calms_down(
    component: EmotionClassifier,
) -> None:
    conversation = tracker([])
    angry = [hear(component, conversation, ANGRY)["forecast"] for _ in range(3)]
    calm = [hear(component, conversation, "ok, thank you")["forecast"] for _ in range(3)]

    assert 0 < angry[0] < angry[1] < angry[2] < 1
    assert angry[2] > calm[0] > calm[1] > calm[2]


def test_a_customer_who_is_loud_from_the_start_is_heard_by_the_words(
    component: EmotionClassifier,
) -> None:
    loud, quiet = "can you change my address!!!", "can you change my address."
    habit = tracker([])
    hear(component, habit, "HELLO I HAVE A QUESTION ABOUT MY ORDER!!!")
    (in_words,) = classifier.load(device="cpu").predict([quiet])
    (as_written,) = classifier.load(device="cpu").predict([loud])

    by_habit = read(component, loud, habit).get("emotion")
    by_a_quiet_one = read(component, loud, tracker([said(emotion("neutral"))])).get("emotion")

    assert as_written.scores != in_words.scores
    assert by_habit["scores"] == in_words.scores
    assert by_a_quiet_one["scores"] == as_written.scores
    assert by_habit["trajectory"]["usual_loudness"] == 1.0


@pytest.mark.parametrize(
    ("text", "before", "of_page", "spoken"),
    [
        ("where is my order", None, None, "en"),
        ("我的订单呢", None, None, "zh"),
        ("我的订单呢", "en", "en", "zh"),
        ("could you please answer in English", "zh", "zh", "en"),
        ("ok", "zh", None, "zh"),
        ("SO-1042", "zh", None, "zh"),
        ("ok", "en", "zh", "en"),
        ("1042", None, None, "en"),
        ("1042", None, "zh", "zh"),
        ("1042", "zh", "en", "zh"),
        ("1042", None, "fr", "en"),
        ("😡😡", "zh", None, "zh"),
        ("/greet", None, "zh", "zh"),
        ("https://example.org/a", None, "zh", "zh"),
        ("", None, "zh", "zh"),
        (None, None, None, "en"),
    ],
)
def test_the_language_is_that_of_the_words_else_the_last_turns_else_the_pages(
    component: EmotionClassifier,
    text: str | None,
    before: str | None,
    of_page: str | None,
    spoken: str,
) -> None:
    earlier = [said(emotion("neutral", language=before))] if before else []
    metadata = {"language": of_page} if of_page else None

    message = read(component, text, tracker(earlier, language=None), metadata=metadata)

    assert message.get("emotion")["language"] == spoken


def test_after_a_handback_the_slot_still_knows_the_language(component: EmotionClassifier) -> None:
    assert read(component, "1042", tracker([], language="zh")).get("emotion")["language"] == "zh"


def test_the_default_language_can_be_chinese(storage: LocalModelStorage) -> None:
    chinese = EmotionClassifier.load(
        {**DEFAULTS, "default_language": "zh"}, storage, RESOURCE, CONTEXT
    )

    assert read(chinese, "1042").get("emotion")["language"] == "zh"


def test_the_fingerprint_follows_the_weights(tmp_path: Path) -> None:
    shutil.copytree(classifier.SHIPPED_WEIGHTS, tmp_path / "weights")
    config = {**DEFAULTS, "weights": str(tmp_path / "weights")}
    shipped = EmotionClassifier.fingerprint_addon(DEFAULTS)

    assert EmotionClassifier.fingerprint_addon(config) == shipped
    card = tmp_path / "weights" / "model.json"
    card.write_text(card.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert EmotionClassifier.fingerprint_addon(config) != shipped


def test_training_again_replaces_the_weights_of_an_earlier_model(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    train(storage)
    (folder,) = tmp_path.rglob("weights")
    (folder / "saved_model" / "stale").touch()

    train(storage)

    assert list(tmp_path.rglob("stale")) == []
    assert len(list(tmp_path.rglob("model.json"))) == 1


def test_the_device_is_logged_at_the_level_rasa_logs_at(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, root = logging.getLogger("emotion_component"), logging.getLogger()
    monkeypatch.setattr(logging.getLogger("rasa"), "level", logging.INFO)
    monkeypatch.setattr(ours, "level", logging.NOTSET)
    monkeypatch.setattr(root, "level", logging.WARNING)
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # the shortest handler there is
    root.addHandler(handler)

    component = EmotionClassifier.load(DEFAULTS, storage, RESOURCE, CONTEXT)
    root.removeHandler(handler)

    model = read(component, "hello").get("emotion")["model"]
    assert lines == [f"Emotion model {model} runs on cpu."]


def test_weights_that_are_not_there_stop_the_training(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)

    with pytest.raises(RasaException, match="No emotion model at"):
        train(storage, weights=str(tmp_path / "nowhere"))


def test_weights_damaged_inside_the_rasa_model_stop_the_server(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    train(storage)
    (graph,) = tmp_path.rglob("saved_model.pb")
    graph.write_bytes(b"not a graph")

    with pytest.raises(RasaException, match="is not the file that was saved"):
        EmotionClassifier.load(DEFAULTS, storage, RESOURCE, CONTEXT)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"default_language": "fr"}, "`default_language` must be one of en, zh"),
        ({"wieghts": "x"}, "EmotionClassifier has no setting `wieghts`"),
        ({"emit_entities": "yes"}, "`emit_entities` must be true or false"),
        ({"backend": "cloud"}, "`backend` must be one of local, serving"),
        ({"backend": "serving"}, "`serving_url` must be the address of a model server"),
        (
            {"backend": "serving", "serving_url": "http://localhost", "serving_timeout": -1},
            "`serving_timeout` must be seconds above 0",
        ),
    ],
)
def test_a_wrong_setting_says_what_and_where(
    storage: LocalModelStorage, config: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidConfigException, match=message) as caught:
        EmotionClassifier.create({**DEFAULTS, **config}, storage, RESOURCE, CONTEXT)

    assert str(caught.value).endswith("in config.yml under EmotionClassifier.")


def test_with_a_model_server_that_is_not_there_it_answers_all_the_same(
    storage: LocalModelStorage, component: EmotionClassifier, caplog: pytest.LogCaptureFixture
) -> None:
    (port,) = free_ports(1)
    served = {"backend": "serving", "serving_url": f"http://127.0.0.1:{port}"}

    with caplog.at_level(logging.WARNING, "emotion_component"):
        alone = EmotionClassifier.load({**DEFAULTS, **served}, storage, RESOURCE, CONTEXT)
        answers = [read(alone, ANGRY).get("emotion") for _ in range(3)]

    assert answers == [read(component, ANGRY).get("emotion")] * 3
    (warning,) = [record.getMessage() for record in caplog.records]
    assert warning.startswith(f"The model server at http://127.0.0.1:{port}/v1/models/emotion:pred")


def test_training_data_passes_through(component: EmotionClassifier) -> None:
    data = TrainingData([Message({"text": "hello"})])

    assert component.process_training_data(data) is data


def test_the_short_name_of_config_yml_is_the_same_component() -> None:
    assert emotion_component.EmotionClassifier is EmotionClassifier


def test_a_file_without_words_has_no_emotion(storage: LocalModelStorage) -> None:
    train(storage)
    component = EmotionClassifier.load(DEFAULTS, storage, RESOURCE, CONTEXT)
    held = {"attachments": [{"kind": "image", "id": "f1"}], "language": "zh"}
    alone = read(component, "📷", metadata=held).get("emotion")
    assert (alone["name"], alone["abstained"], alone["scores"]) == ("neutral", True, {})
    assert alone["language"] == "zh"
    assert read(component, ANGRY, metadata=held).get("emotion")["name"] != "neutral"


def test_where_the_tone_must_not_be_read_the_model_is_not_asked(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    component = EmotionClassifier.load(DEFAULTS, storage, RESOURCE, CONTEXT)
    asked: list[list[str]] = []
    predict = component._model.predict  # type: ignore[union-attr]  # it is loaded

    def noted(texts: list[str]) -> list[classifier.Emotion]:
        asked.append(texts)
        return predict(texts)

    monkeypatch.setattr(component._model, "predict", noted)
    conversation = tracker([said(read(component, ANGRY).get("emotion"), text=ANGRY)])
    refused = read(component, ANGRY, conversation, metadata={"read_tone": False})
    conversation.update(said(refused.get("emotion"), text=ANGRY))

    later = read(component, "我很生气", conversation)

    assert len(asked) == 1
    neutral = classifier.Emotion.neutral("en", component._model.name)  # type: ignore[union-attr]
    unread = {
        **neutral.to_dict(),
        "trend": 0.0,
        "streak": 0,
        "forecast": dissatisfaction.chance(Course()).probability,
        "trajectory": Course().to_dict(),
        "declined": True,
    }
    assert refused.get("emotion") == unread
    assert later.get("emotion") == {**unread, "language": "zh"}
    assert entities(later)["emotion"] == "neutral"
