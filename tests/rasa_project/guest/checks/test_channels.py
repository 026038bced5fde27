"""The channels of credentials.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rasa_project.guest import bots

WEBCHAT = "rasa_project.channels.webchat.WebChatInput"
POLICY = "  - name: emotion_component.rasa_policy.EscalationPolicy\n"


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    return bots.healthy(tmp_path)


def channels(bot: Path, text: str) -> list[tuple[str, str, str]]:
    (bot / "credentials.yml").write_text(text)
    return bots.found(bot)


def test_attunes_own_channel_is_in_order(bot: Path) -> None:
    assert channels(bot, f"{WEBCHAT}:\n  secret: ${{ATTUNE_WEBCHAT_SECRET}}\n") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("facebook:\n  verify: ${V}\n  secret: abc\n  page-access-token: ${P}\n", 3),
        ("slack:\n  slack_token: xoxb-1\n  slack_channel: help\n", 2),
        (f"{WEBCHAT}:\n  secret: twenty-characters-long\n", 2),
    ],
)
def test_a_secret_in_the_file_is_told_until_it_is_a_variable(
    bot: Path, text: str, line: int
) -> None:
    assert channels(bot, text) == [("warning", "secret-in-file", f"credentials.yml:{line}")]
    lines = text.splitlines()
    key = lines[line - 1].split(":")[0]
    lines[line - 1] = f"{key}: ${{SECRET}}"
    assert channels(bot, "\n".join(lines)) == []


def test_the_remedy_for_a_secret_names_key_and_variable(bot: Path) -> None:
    (bot / "credentials.yml").write_text("facebook:\n  page-access-token: abc\n")
    assert "`page-access-token: ${FACEBOOK_PAGE_ACCESS_TOKEN}`" in bots.only(bot).fix


def test_telegram_and_twilio_check_no_signature(bot: Path) -> None:
    text = "telegram:\n  access_token: ${T}\ntwilio:\n  auth_token: ${A}\n"
    assert channels(bot, text) == [
        ("warning", "telegram-unverified", "credentials.yml:1"),
        ("warning", "twilio-unverified", "credentials.yml:3"),
        ("warning", "telegram-no-push", "credentials.yml:1"),
    ]


def test_what_takes_an_unsafe_channels_place_is_named(bot: Path) -> None:
    (bot / "credentials.yml").write_text("twilio:\n  auth_token: ${A}\n")
    fix = bots.only(bot).fix
    assert "Use rasa_project.channels.messaging.providers.twilio.TwilioSmsInput in its place" in fix


def test_teams_takes_the_bot_frameworks_place_and_can_push(bot: Path) -> None:
    (bot / "credentials.yml").write_text("botframework:\n  app_password: ${A}\n")
    assert bots.only(bot).fix == (
        "Use rasa_project.channels.messaging.providers.teams.TeamsInput in its place "
        "(docs/channels.md): its messages arrive."
    )


def test_mattermost_and_rocketchat_check_no_token(bot: Path) -> None:
    assert channels(bot, "mattermost:\nrocketchat:\n") == [
        ("warning", "mattermost-unverified", "credentials.yml:1"),
        ("warning", "rocketchat-unverified", "credentials.yml:2"),
        ("warning", "channel-no-push", "credentials.yml:1"),
    ]


@pytest.mark.parametrize("channel", ["rest", "hangouts", "botframework"])
def test_a_channel_without_push_matters_where_humans_answer(bot: Path, channel: str) -> None:
    assert channels(bot, f"{channel}:\n") == [("warning", "channel-no-push", "credentials.yml:1")]
    bots.edit(bot / "config.yml", POLICY, "")
    assert [code for _, code, _ in bots.found(bot)] == ["policy-missing"]


def test_callback_pushes_but_drops_metadata(bot: Path) -> None:
    text = "callback:\n  url: http://localhost:5034/bot\n"
    assert channels(bot, text) == [("note", "callback-no-metadata", "credentials.yml:1")]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("  session_persistence: true\n", "socketio-unbound"),
        ("  session_persistence: true\n  jwt_key: ${KEY}\n", "socketio-unbound"),
        ("  user_message_evt: user_uttered\n", "socketio-forgets"),
    ],
)
def test_rasas_socketio_gives_way_to_webchat(bot: Path, settings: str, code: str) -> None:
    (bot / "credentials.yml").write_text(f"socketio:\n{settings}")
    finding = bots.only(bot)
    assert (finding.severity, finding.code) == ("warning", code)
    assert finding.fix.startswith(f"Use {WEBCHAT} in its place")
    assert ("JWT" in finding.what) == ("jwt_key" in settings)
    assert channels(bot, f"{WEBCHAT}:\n  secret: ${{SECRET}}\n") == []


def test_sockets_do_not_reach_across_workers(bot: Path) -> None:
    (bot / "Dockerfile").write_text("FROM python:3.10\nENV SANIC_WORKERS=4\n")
    with (bot / "endpoints.yml").open("a") as file:
        file.write("lock_store:\n  type: redis\n")
    text = f"{WEBCHAT}:\n  secret: ${{SECRET}}\n"
    assert channels(bot, text) == [("error", "socket-workers", "credentials.yml:1")]
    assert channels(bot, f"{text}  redis: redis://localhost\n") == []
    bots.edit(bot / "Dockerfile", "=4", "=1")
    assert bots.found(bot) == []
