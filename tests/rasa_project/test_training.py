from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.settings import Settings
from rasa_project.training import Progress, TrainingError, component_weights, has_model, train


def started(name: str) -> str:
    return f"2026-01-01 INFO rasa.engine.training.hooks  - Starting to train component '{name}'."


def test_progress_follows_rasas_log() -> None:
    progress = Progress([("Tokenizer", 1.0), ("DIETClassifier", 10.0), ("TEDPolicy", 9.0)])
    lines = [
        "hello",
        started("DIETClassifier"),
        "Epochs:  50%|#####     | 10/20 [00:02<00:02, t_loss=1.2]",
        started("TEDPolicy"),
        "Epochs: 100%|##########| 20/20",
    ]
    assert [progress.percent(line) for line in lines] == [0.0, 5.0, 30.0, 55.0, 100.0]


def test_a_component_named_twice_counts_twice() -> None:
    progress = Progress([("Counter", 1.0), ("Counter", 1.0)])
    assert [progress.percent(started("Counter")) for _ in range(3)] == [0.0, 50.0, 50.0]


def test_an_unknown_component_does_not_move_the_bar() -> None:
    assert Progress([("A", 1.0)]).percent(started("B")) == 0.0


def test_weights_are_read_from_the_projects_config(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(
        "pipeline:\n- name: WhitespaceTokenizer\n- name: DIETClassifier\n  epochs: 5\n"
        "policies:\n- name: emotion_component.rasa_policy.EscalationPolicy\n",
        encoding="utf-8",
    )
    assert component_weights(config) == [
        ("WhitespaceTokenizer", 1.0),
        ("DIETClassifier", 10.0),
        ("EscalationPolicy", 1.0),
    ]


@pytest.mark.slow
def test_a_failed_training_gives_rasas_last_words_and_the_log(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.logs.mkdir(parents=True)
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nlanguage: en\nassistant_id: broken\n"
        "pipeline: [{name: NoSuchComponent}]\npolicies: [{name: RulePolicy}]\n",
        encoding="utf-8",
    )
    (tmp_path / "domain.yml").write_text("version: '3.1'\nintents: [greet]\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text(
        "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - hi\n    - hello\n",
        encoding="utf-8",
    )
    with pytest.raises(
        TrainingError, match=r"(?s)`rasa train` failed.*train\.log.*NoSuchComponent"
    ):
        train(settings)
    assert not has_model(settings)
