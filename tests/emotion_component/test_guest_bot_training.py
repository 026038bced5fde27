"""What adding this package changes about training and testing a guest bot, and what not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import rasa.core.test
import rasa.shared.utils.io
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from emotion_component import classifier, language
from tests.emotion_component.guest import (
    Chat,
    copy_bot,
    decision_of,
    edit_config,
    load,
    train,
    without_ours,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(without_ours(copy_bot(tmp_path_factory.mktemp("plain") / "bot")))


EMOTIONLESS = [
    "hello",
    "where is my order",
    "1042",
    "Berlin",
    "when are you open",
    "几点开门",
    "bye",
]


async def test_an_emotionless_conversation_is_predicted_as_without_this_package(
    agent: Agent, plain_model: Path, tmp_path: Path
) -> None:
    histories = []
    for bot in (agent, load(plain_model, tmp_path / "tracker.db", ours=False)):
        chat = Chat(bot)
        for text in EMOTIONLESS:
            await chat.say(text)
        histories.append(
            [
                (event.action_name, event.policy, event.confidence, event.hide_rule_turn)
                for event in (await chat.tracker()).events
                if event.type_name == "action"
            ]
        )

    assert histories[0] == histories[1]
    assert len(histories[0]) > 2 * len(EMOTIONLESS)


async def test_a_retrain_takes_changed_weights_and_never_a_stale_cache(tmp_path: Path) -> None:
    project = copy_bot(tmp_path / "bot")
    weights = tmp_path / "weights"
    shutil.copytree(classifier.SHIPPED_WEIGHTS, weights)
    config = rasa.shared.utils.io.read_yaml_file(project / "config.yml")
    for component in config["pipeline"]:
        if component["name"] == "emotion_component.EmotionClassifier":
            component["weights"] = str(weights)
    edit_config(project, pipeline=config["pipeline"])
    names = []

    for name in ("first", "second"):
        card = json.loads((weights / "model.json").read_text(encoding="utf-8"))
        (weights / "model.json").write_text(json.dumps({**card, "name": name}), encoding="utf-8")
        parsed = await load(train(project)).parse_message("hello")
        names.append(parsed["emotion"]["model"].split("@")[0])

    assert names == ["first", "second"]


def test_a_wrong_setting_stops_the_training_with_its_sentence(tmp_path: Path) -> None:
    project = copy_bot(tmp_path / "bot")
    component = {"name": "emotion_component.rasa_nlu.EmotionClassifier", "default_language": "fr"}
    edit_config(project, pipeline=[{"name": "WhitespaceTokenizer"}, component])

    with pytest.raises(InvalidConfigException, match="`default_language` must be one of en, zh"):
        train(project)


@pytest.fixture(scope="module")
def custom_handoff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bot with a handoff action of its own, for which no action server runs."""
    project = copy_bot(tmp_path_factory.mktemp("custom") / "bot")
    domain = rasa.shared.utils.io.read_yaml_file(project / "domain.yml")
    rasa.shared.utils.io.write_yaml(
        {**domain, "actions": ["action_handoff"]}, project / "domain.yml"
    )
    config = rasa.shared.utils.io.read_yaml_file(project / "config.yml")
    config["policies"][-1]["handoff_action"] = "action_handoff"
    edit_config(project, policies=config["policies"])
    return train(project)


async def test_with_the_action_server_down_the_customer_is_still_told_and_handed_over(
    custom_handoff: Path,
) -> None:
    chat = Chat(load(custom_handoff))

    (notice,) = await chat.say("转人工")

    assert language.detect(notice or "") == "zh"
    assert (await chat.actions())[-3:] == [
        ("action_handoff", "EscalationPolicy"),
        ("utter_handoff", "EscalationPolicy"),
        ("action_listen", "EscalationPolicy"),
    ]
    assert await chat.slots("handoff_state") == ["queued"]
    assert (await decision_of(chat))["escalate"] is True
    assert await chat.say("喂？") == []


TEST_STORIES = """
version: "3.1"
stories:
  - story: a customer asks for a human
    steps:
      - user: hello
        intent: greet
      - action: utter_greet
      - user: human please
        intent: talk_to_human
      - action: action_handoff
  - story: an angry customer and a form
    steps:
      - user: this is outrageous
        intent: complain
      - action: utter_complaint
      - user: where is my order
        intent: order_status
      - action: order_form
      - active_loop: order_form
"""


async def test_rasa_test_core_predicts_the_stories(custom_handoff: Path, tmp_path: Path) -> None:
    stories = tmp_path / "test_stories.yml"
    stories.write_text(TEST_STORIES, encoding="utf-8")

    report = await rasa.core.test.test(
        str(stories), load(custom_handoff), out_directory=str(tmp_path), e2e=True
    )

    assert (report["precision"], report["accuracy"]) == (1.0, 1.0)
