from __future__ import annotations

from pathlib import Path

import pytest

from emotion_component.errors import ConfigurationError
from emotion_component.escalation import Settings
from emotion_component.rasa_policy_config import default_config
from rasa_project.guest.yaml_file import ProjectError
from rasa_project.replay import policy_settings

ROOT = Path(__file__).parents[3]
POLICY = """\
policies:
  - name: RulePolicy
  - name: emotion_component.rasa_policy.EscalationPolicy
    priority: 50
    handoff_action: action_handoff
    handoff: 0.9
    weights: {streak: 0.8}
"""


def test_without_a_project_the_defaults_stand(tmp_path: Path) -> None:
    tried = policy_settings.read(tmp_path)
    assert (tried.settings, tried.origin) == (Settings(), "EscalationPolicy's defaults")


def test_the_projects_own_settings_are_read_with_its_forms_and_weights(tmp_path: Path) -> None:
    component = "pipeline:\n  - name: emotion_component.EmotionClassifier\n    weights: my/model\n"
    (tmp_path / "config.yml").write_text(component + POLICY)
    (tmp_path / "domain.yml").write_text("forms:\n  order_form:\n    required_slots: []\n")
    tried = policy_settings.read(tmp_path)
    assert tried.settings == Settings.from_config({"handoff": 0.9, "weights": {"streak": 0.8}})
    assert tried.forms == frozenset({"order_form"})
    assert tried.weights == tmp_path / "my" / "model"


def test_the_demo_shops_settings_are_read() -> None:
    tried = policy_settings.read(ROOT)
    assert tried.settings.human_intents == ("talk_to_human",)
    assert "order_form" in tried.forms


def test_changes_go_into_another_config(tmp_path: Path) -> None:
    other = tmp_path / "strict.yml"
    other.write_text(POLICY)
    changes = [
        *("handoff=0.7", "weights.trend=0", "weights.streak=0.6", "human_intents=[agent, person]"),
        *("per_intent.goodbye=never", "offer=null", 'quiet_hours=[{from: "20:00", to: "24:00"}]'),
        "time_zone = Asia/Shanghai",
    ]
    tried = policy_settings.read(tmp_path, other, changes)
    assert tried.settings == Settings.from_config(
        {
            **{"handoff": 0.7, "offer": None, "weights": {"streak": 0.6, "trend": 0}},
            **{"human_intents": ["agent", "person"], "per_intent": {"goodbye": "never"}},
            "quiet_hours": [{"from": "20:00", "to": "24:00"}],
            "time_zone": "Asia/Shanghai",
        }
    )
    assert tried.origin == f"{other} with {', '.join(changes)}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("handof=0.7", "Received: --set 'handof=0.7'. Known: offer, handoff"),
        ("handoff", "must be KEY=VALUE"),
        ("handoff=often", r"handoff='often'.* Or correct --set"),
        ("weights.streek=1", "Received: weights='streek'|streek"),
        ("handoff=[0.7", "must be YAML. Received: --set"),
        ("handoff=0.3", "Or correct --set"),
    ],
)
def test_a_wrong_change_is_said(tmp_path: Path, change: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        policy_settings.read(tmp_path, None, [change])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "There is no file at"),
        ("policies: []\n", "must name .*EscalationPolicy under `policies`"),
        (POLICY + "    handof: 1\n", "has no setting `handof`"),
        (POLICY + "    threshold: 1\n", "`threshold` is now called `handoff`"),
    ],
)
def test_a_wrong_other_config_is_said(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "other.yml").write_text(text)
    with pytest.raises((ConfigurationError, ProjectError), match=says):
        policy_settings.read(tmp_path, tmp_path / "other.yml")


def test_what_the_policy_itself_takes_is_known() -> None:
    assert {*default_config(), "name", "max_history", "featurizer"} == policy_settings.KNOWN
