"""The sentences that actions say stand in domain.yml, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
WITH_A_PLACE = {
    "utter_status_": ["processing", "shipped", "delivered", "returned", "cancelled"],
}


def named_in_actions() -> list[str]:
    found: set[str] = set()
    for file in (ROOT / "actions").glob("*.py"):
        for name in re.findall(r'"(utter_\w+)', file.read_text(encoding="utf-8")):
            found.update(name + end for end in WITH_A_PLACE.get(name, [""]))
    return sorted(found)


@pytest.mark.parametrize("name", named_in_actions())
def test_each_reply_of_an_action_is_there_in_english_and_chinese(name: str) -> None:
    responses = YAML(typ="safe").load(ROOT / "domain.yml")["responses"]
    # `utter_handoff` comes with the emotion component.
    if name == "utter_handoff":
        responses = YAML(typ="safe").load(ROOT / "emotion_component" / "domain.yml")["responses"]
    chinese = [bool(each.get("condition")) for each in responses[name]]
    assert set(chinese) == {True, False}
