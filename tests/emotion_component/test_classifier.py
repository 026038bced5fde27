"""Loading a model and judging texts with it."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from emotion_component import labels
from emotion_component.classifier import Emotion, EmotionModel, is_readable, load
from emotion_component.errors import (
    ConfigurationError,
    DeviceError,
    WeightsDamagedError,
    WeightsMissingError,
)

TEXTS = ["thank you so much!", "where is my order", "气死我了", "OK 好的 😀", "??"]
NOTHING_TO_JUDGE = [
    "",
    "   \n\t",
    "\x00\x01\u200b",
    "/greet",
    '/order{"number": "1042"}',
    "/greet@0.9",
    "https://example.org/a?b=c",
    "www.example.org https://example.org",
    "مرحبا كيف حالك، أين طلبي؟",
]
READABLE = {
    "10,000 letters": "a" * 10_000,
    "10,000 Chinese characters": "很" * 10_000,
    "a lone surrogate": "\ud800 broken",
    "combining marks": "e\u0301" * 50,
    "emoji alone": "😡😡😡",
    "two scripts": "hello there مرحبا",
}


def test_a_judged_emotion_keeps_to_its_ranges(toy_model: EmotionModel) -> None:
    for emotion in toy_model.predict([*TEXTS, *READABLE.values()]):
        assert set(emotion.scores) == set(labels.SERVICE_LABELS)
        assert sum(emotion.scores.values()) == pytest.approx(1, abs=0.01)
        assert emotion.confidence == emotion.scores[emotion.name]
        assert 0 <= emotion.intensity <= 1
        assert -1 <= emotion.valence <= 1
        assert -1 <= emotion.arousal <= 1
        assert len(emotion.fine) <= 3
        assert emotion.model == toy_model.name


@pytest.mark.parametrize("text", NOTHING_TO_JUDGE)
def test_what_carries_no_emotion_is_a_stated_neutral(toy_model: EmotionModel, text: str) -> None:
    assert not is_readable(text)
    (emotion,) = toy_model.predict([text])
    assert emotion == Emotion.neutral(emotion.language, toy_model.name)
    assert (emotion.name, emotion.abstained, emotion.intensity) == ("neutral", True, 0.0)


@pytest.mark.parametrize("kind", READABLE)
def test_odd_strings_are_judged_and_never_raise(toy_model: EmotionModel, kind: str) -> None:
    text = READABLE[kind]
    assert is_readable(text)
    assert len(toy_model.predict([text])) == 1


def test_a_text_is_judged_alike_alone_and_among_others(toy_model: EmotionModel) -> None:
    together = toy_model.predict([*TEXTS, "x" * 2_000])
    for text, emotion in zip(TEXTS, together, strict=False):
        (alone,) = toy_model.predict([text])
        assert alone.scores == pytest.approx(emotion.scores, abs=2e-4)
        assert alone.name == emotion.name


def test_no_texts_give_no_emotions(toy_model: EmotionModel) -> None:
    assert toy_model.predict([]) == []


def test_more_texts_than_a_batch_come_back_in_order(toy_model: EmotionModel) -> None:
    texts = [TEXTS[index % 2] for index in range(300)]
    names = [emotion.scores for emotion in toy_model.predict(texts)]
    assert names[0] != names[1]
    assert names[298] == pytest.approx(names[0], abs=2e-4)
    assert names[299] == pytest.approx(names[1], abs=2e-4)


def test_to_dict_survives_json(toy_model: EmotionModel) -> None:
    (emotion,) = toy_model.predict(["this is outrageous"])
    plain = json.loads(json.dumps(emotion.to_dict()))
    assert plain == {**asdict(emotion), "fine": [list(pair) for pair in emotion.fine]}


def test_a_threshold_above_every_score_makes_the_model_abstain(toy_folder: Path) -> None:
    strict = load(toy_folder, abstain_below=1.0)
    (emotion,) = strict.predict(["气死我了"])
    assert (emotion.name, emotion.abstained, emotion.intensity) == ("neutral", True, 0.0)
    assert emotion.scores


def test_a_reloaded_model_judges_the_same(toy_folder: Path, toy_model: EmotionModel) -> None:
    again = load(toy_folder)
    assert again.predict(TEXTS) == toy_model.predict(TEXTS)
    assert (again.name, again.fingerprint) == (toy_model.name, toy_model.fingerprint)


def test_the_device_is_logged_once(toy_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "emotion_component"):
        model = load(toy_folder, "cpu")
    assert [record.getMessage() for record in caplog.records] == [
        f"Emotion model {model.name} runs on cpu."
    ]


@pytest.mark.parametrize("device", ["tpu", "gpu", "GPU:0", "", "gpu:x"])
def test_an_unknown_device_is_refused(toy_folder: Path, device: str) -> None:
    with pytest.raises(ConfigurationError, match=f"Received: device={device}"):
        load(toy_folder, device)


def test_a_gpu_that_is_not_there_is_named(toy_folder: Path) -> None:
    with pytest.raises(DeviceError, match="No device gpu:99: TensorFlow sees"):
        load(toy_folder, "gpu:99")


@pytest.mark.parametrize("value", [-0.1, 1.4])
def test_a_threshold_out_of_range_is_refused(toy_folder: Path, value: float) -> None:
    with pytest.raises(ConfigurationError, match=f"Received: abstain_below={value}"):
        load(toy_folder, abstain_below=value)


def test_missing_weights_are_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match=r"No emotion model at .*model\.json\. Train"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("damage", "error"),
    [("delete", WeightsMissingError), ("truncate", WeightsDamagedError)],
)
def test_every_damaged_file_is_named(
    toy_folder: Path, tmp_path: Path, damage: str, error: type[Exception]
) -> None:
    for name in json.loads((toy_folder / "model.json").read_text())["files"]:
        folder = tmp_path / name.replace("/", "_")
        shutil.copytree(toy_folder, folder)
        path = folder / name
        if damage == "delete":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(error, match=str(path)):
            load(folder)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{", "is not readable JSON"), ("[]", "lacks format"), ('{"name": "a"}', "lacks format, l")],
)
def test_a_damaged_card_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(WeightsDamagedError, match=problem):
        load(tmp_path)


SHIPPED = [
    ("my order is three weeks late and nobody answers!!! this is a joke", "complaint"),
    ("我的订单晚了三个星期，没人回复！！！这是在开玩笑吗", "complaint"),
    ("this is outrageous", "complaint"),
    ("thank you so much!", "gratitude"),
    ("谢谢你", "gratitude"),
    ("I can't believe it finally works, thank you!", "gratitude"),
    ("where is my order 1042?", "neutral"),
    ("I want to cancel my order", "neutral"),
    ("我的订单到哪了", "neutral"),
]


@pytest.mark.parametrize(("text", "expected"), SHIPPED)
def test_the_shipped_weights_tell_complaints_thanks_and_plain_requests_apart(
    shipped_model: EmotionModel, text: str, expected: str
) -> None:
    (emotion,) = shipped_model.predict([text])
    if expected == "complaint":
        assert emotion.name in {"anger", "frustration"}
        assert emotion.intensity >= 0.6
        assert emotion.valence < 0
    else:
        assert emotion.name == expected
        assert not emotion.abstained
