"""Somebody's bot before and after `attune add`: trained, tested as `rasa test` does, talked to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import rasa.core.test
import rasa.model_training
import rasa.nlu.test
import rasa.shared.utils.io
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from rasa_project import attune

OURS = "EscalationPolicy"
# One prediction: each policy's name, its favourite action (none: it abstains), its confidence.
Prediction = tuple[tuple[str, str | None, float], ...]


@dataclass(frozen=True)
class Shown:
    """What a bot does.

    Attributes:
        results: The files that `rasa test` writes, by name.
        predictions: What each of the author's policies predicts at each step of those tests and of
            the conversations.
        replies: What the conversations' customers get, messages with all their parts.
        actions: Action, policy and confidence as the trackers of the conversations hold them.
    """

    results: dict[str, str] = field(default_factory=dict)
    predictions: list[Prediction] = field(default_factory=list)
    replies: list[list[dict[str, Any]]] = field(default_factory=list)
    actions: list[list[tuple[str | None, str | None, float | None]]] = field(default_factory=list)


def train(project: Path, into: str) -> Agent:
    """Train a project as `rasa train` does, and load it with the replies of its endpoints.yml."""
    result = rasa.model_training.train(
        domain=str(project / "domain.yml"),
        config=str(project / "config.yml"),
        training_files=[str(project / "data")],
        output=str(project / into),
    )
    assert result.code == 0
    replies = rasa.shared.utils.io.read_yaml_file(project / "endpoints.yml") or {}
    nlg = EndpointConfig.from_dict(replies["nlg"]) if replies.get("nlg") else None
    agent = Agent.load(result.model, generator=nlg)
    assert isinstance(agent, Agent)
    return agent


def add_attune(project: Path) -> None:
    """Add Attune, and hold that the doctor then finds no error and no known trap of training."""
    assert attune.main(["add", str(project), "--yes"]) == 0
    assert attune.main(["doctor", str(project)]) == 0


async def show(
    agent: Agent, project: Path, conversations: Sequence[Sequence[str]], results: Path
) -> Shown:
    """Run `rasa test core`, `rasa test nlu` and some conversations; give everything they show."""
    shown = Shown()
    results.mkdir()
    with _watched(shown.predictions):
        await rasa.core.test.test(
            str(project / "tests" / "test_stories.yml"),
            agent,
            out_directory=str(results),
            e2e=True,
            disable_plotting=True,
            successes=True,
            errors=True,
            warnings=True,
        )
        for number, texts in enumerate(conversations):
            await _talk(agent, f"{results.name}-{number}", texts, shown)
    await rasa.nlu.test.run_evaluation(
        str(project / "data" / "nlu.yml"),
        agent.processor,
        output_directory=str(results),
        successes=True,
        errors=True,
        disable_plotting=True,
        domain_path=str(project / "domain.yml"),
    )
    for file in sorted(results.iterdir()):
        shown.results[file.name] = file.read_text(encoding="utf-8")
    return shown


def only_an_opening_is_new(before: Shown, after: Shown) -> bool:
    """Tell whether each message is as before, but for a sentence put before its text.

    The author's messages are plain to people; the classifier may hear a tone in one of them.
    """
    return [len(each) for each in after.replies] == [len(each) for each in before.replies] and all(
        {**new, "text": old.get("text")} == {**old, "text": old.get("text")}
        and (new.get("text") or "").endswith(old.get("text") or "")
        for olds, news in zip(before.replies, after.replies, strict=True)
        for old, new in zip(olds, news, strict=True)
    )


async def _talk(agent: Agent, customer: str, texts: Sequence[str], shown: Shown) -> None:
    channel = CollectingOutputChannel()
    for text in texts:
        await agent.handle_message(UserMessage(text, channel, customer))
    messages = [{**message, "recipient_id": ""} for message in channel.messages]
    shown.replies.append(messages)
    assert agent.processor is not None
    tracker = await agent.processor.get_tracker(customer)
    shown.actions.append(
        [
            (event.action_name, event.policy, event.confidence)
            for event in tracker.events
            if event.type_name == "action"
        ]
    )


@contextmanager
def _watched(said: list[Prediction]) -> Iterator[None]:
    """Note what each policy says wherever Rasa weighs their predictions against each other."""
    weigh = DefaultPolicyPredictionEnsemble.combine_predictions

    def noted(
        self: Any, predictions: list[PolicyPrediction], tracker: Any, domain: Domain
    ) -> PolicyPrediction:
        theirs = [each for each in predictions if each.policy_name != OURS]
        said.append(tuple(sorted(_favourite(each, domain) for each in theirs)))
        return weigh(self, predictions, tracker, domain)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultPolicyPredictionEnsemble, "combine_predictions", noted)
        yield


def _favourite(prediction: PolicyPrediction, domain: Domain) -> tuple[str, str | None, float]:
    confidence = float(prediction.max_confidence)
    name = domain.action_names_or_texts[prediction.max_confidence_index] if confidence else None
    return str(prediction.policy_name), name, confidence
