"""Training and testing a guest bot with this package, and its action server down or slow."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
import rasa.core.actions.action
import rasa.core.test
import rasa.shared.utils.io
from rasa.shared.exceptions import InvalidConfigException

from emotion_component import classifier, language
from tests.emotion_component.guest import (
    Chat,
    copy_bot,
    decision_of,
    edit_config,
    load,
    train,
)
from tests.guest_bots.action_server import ActionServer

pytestmark = pytest.mark.slow


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


async def assert_told_and_handed_over(chat: Chat, replies: list[str | None]) -> None:
    (notice,) = replies
    assert language.detect(notice or "") == "zh"
    assert (await chat.actions())[-3:] == [
        ("action_handoff", "EscalationPolicy"),
        ("utter_handoff", "EscalationPolicy"),
        ("action_listen", "EscalationPolicy"),
    ]
    assert await chat.slots("handoff_state") == ["queued"]
    assert (await decision_of(chat))["escalate"] is True
    assert await chat.say("喂？") == []


async def test_with_the_action_server_down_the_customer_is_still_told_and_handed_over(
    custom_handoff: Path,
) -> None:
    chat = Chat(load(custom_handoff))

    await assert_told_and_handed_over(chat, await chat.say("转人工"))


async def test_with_a_slow_action_server_others_are_answered_and_the_customer_is_handed_over(
    custom_handoff: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = load(custom_handoff)
    assert agent.processor is not None
    async with ActionServer(None) as server:
        agent.processor.action_endpoint = server.endpoint
        # Rasa waits five minutes; here a little longer than the other customer's turn takes.
        monkeypatch.setattr(rasa.core.actions.action, "DEFAULT_REQUEST_TIMEOUT", 5)
        waiting, other = Chat(agent), Chat(agent)
        asked = asyncio.create_task(waiting.say("转人工"))
        await server.wait_called()

        hours = await other.say("when are you open")

        assert (hours, asked.done()) == (["We are open from nine to five."], False)
        await assert_told_and_handed_over(waiting, await asked)
        assert server.called == ["action_handoff"]


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
