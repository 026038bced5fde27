"""Whether the bot stays silent for a human."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rasa_project.guest import bots

POLICY = "  - name: emotion_component.rasa_policy.EscalationPolicy\n"
PAUSES = """\
from rasa_sdk.events import ConversationPaused


def hand_over():
    return [ConversationPaused()]
"""
GREETS = """\
class SessionStart:
    def name(self):
        return "action_session_start"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_greet")
"""


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    (tmp_path / "actions").mkdir()
    return bots.healthy(tmp_path)


def test_a_pause_without_the_policy_ends_with_the_session(bot: Path) -> None:
    bots.edit(bot / "config.yml", POLICY, "")
    (bot / "actions" / "handoff.py").write_text(PAUSES)
    assert ("warning", "pause-lifted", "actions/handoff.py:5") in bots.found(bot)
    bots.edit(bot / "config.yml", "RulePolicy\n", f"RulePolicy\n{POLICY}")
    assert bots.found(bot) == []


def test_where_sessions_never_expire_a_pause_holds(bot: Path) -> None:
    bots.edit(bot / "config.yml", POLICY, "")
    (bot / "actions" / "handoff.py").write_text(PAUSES)
    (bot / "domain.yml").write_text("session_config:\n  session_expiration_time: 0\n")
    assert [code for _, code, _ in bots.found(bot)] == ["policy-missing"]


def test_a_session_start_of_ones_own_without_the_policy_is_told(bot: Path) -> None:
    bots.edit(bot / "config.yml", POLICY, "")
    (bot / "domain.yml").write_text("actions:\n- action_order\n- action_session_start\n")
    assert ("warning", "pause-lifted", "domain.yml:3") in bots.found(bot)
    bots.edit(bot / "config.yml", "RulePolicy\n", f"RulePolicy\n{POLICY}")
    assert bots.found(bot) == []


def test_a_session_start_that_greets_talks_over_the_human(bot: Path) -> None:
    (bot / "domain.yml").write_text("actions:\n- action_session_start\n")
    file = bot / "actions" / "session.py"
    file.write_text(GREETS)
    assert bots.found(bot) == [("warning", "session-start-speaks", "actions/session.py:6")]
    bots.edit(
        file,
        "        dispatcher",
        '        if tracker.get_slot("handoff_state") == "bot":\n            dispatcher',
    )
    assert bots.found(bot) == []


def test_other_peoples_code_in_an_environment_is_not_the_bots(bot: Path) -> None:
    bots.edit(bot / "config.yml", POLICY, "")
    (bot / "env").mkdir()
    (bot / "env" / "pyvenv.cfg").touch()
    (bot / "env" / "events.py").write_text(PAUSES)
    assert [code for _, code, _ in bots.found(bot)] == ["policy-missing"]
