"""The bot of `rasa init`: its networks learn and say the same with Attune as without it."""

from __future__ import annotations

from pathlib import Path

import pytest
import rasa.cli.scaffold
import rasa.shared.utils.io

from rasa_project.guest import suggestions
from tests.guest_bots.before_after import (
    Prediction,
    Shown,
    add_attune,
    show,
    train,
)

# Buttons alone: what the networks make of words, little as they learned, `rasa test` compares.
EMOTIONLESS = [
    ["/greet", "/mood_great", "/goodbye"],
    ["/greet", "/mood_unhappy", "/affirm"],
    ["/greet", "/mood_unhappy", "/deny", "/bot_challenge"],
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project as `rasa init --no-prompt` writes it."""
    folder = tmp_path / "bot"
    rasa.cli.scaffold.create_initial_project(str(folder))
    return folder


def write_out(config: Path) -> None:
    """Write Rasa's own pipeline and policies out, as `attune add` does."""
    text = config.read_text(encoding="utf-8")
    for section in ("pipeline", "policies"):
        text = suggestions.write_out(text, section)
    config.write_text(text, encoding="utf-8")


def shorten(config: Path) -> None:
    """Let the networks learn from one seed, and enough that no answer hangs on a last decimal."""
    content = rasa.shared.utils.io.read_yaml_file(config)
    for part in [*content["pipeline"], *content["policies"]]:
        if "epochs" in part:
            part.update(epochs=60, random_seed=7)
    rasa.shared.utils.io.write_yaml(content, config)


def test_lists_that_rasa_fills_in_itself_are_written_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_attune(project)

    added = rasa.shared.utils.io.read_yaml_file(project / "config.yml")
    assert [part["name"].rpartition(".")[2] for part in added["pipeline"]] == [
        *("WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer"),
        *("CountVectorsFeaturizer", "CountVectorsFeaturizer", "DIETClassifier"),
        *("EntitySynonymMapper", "ResponseSelector", "FallbackClassifier", "EmotionClassifier"),
    ]
    assert added["pipeline"][4]["analyzer"] == "char_wb"
    assert [part["name"].rpartition(".")[2] for part in added["policies"]] == [
        *("MemoizationPolicy", "TEDPolicy", "RulePolicy", "EscalationPolicy"),
    ]
    assert "which stood in config.yml as comments, is written out" in capsys.readouterr().out


@pytest.mark.slow
async def test_with_attune_every_test_result_and_choice_is_as_before(
    project: Path, tmp_path: Path
) -> None:
    write_out(project / "config.yml")
    shorten(project / "config.yml")
    before = await show(train(project, "before"), project, EMOTIONLESS, tmp_path / "before")
    add_attune(project)

    after = await show(train(project, "after"), project, EMOTIONLESS, tmp_path / "after")

    assert after.results == before.results
    assert _but_ted(after) == _but_ted(before)
    assert after.actions == before.actions
    assert after.replies == before.replies


def _but_ted(shown: Shown) -> list[Prediction]:
    """What the policies say whose answers do not hang on the length of the list of actions.

    TEDPolicy weighs all actions of the domain against each other. Attune's replies are actions
    too, so it learns another network, whose confidences differ in their decimals.
    """
    return [tuple(each for each in said if each[0] != "TEDPolicy") for said in shown.predictions]
