"""`attune channel add`."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from rasa.core.run import create_http_input_channels

from rasa_project import attune
from rasa_project.channels.messaging import catalogue
from tests.rasa_project.channels.messaging.conftest import FAKES, parameters
from tests.rasa_project.channels.messaging.fake_service import FakeService
from tests.rasa_project.channels.messaging.providers.fake_telegram import SECRET, TOKEN
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram as Fake

Printed = pytest.CaptureFixture[str]
THEIRS = "# Ours.\nrest:   # for the shop\n\nsocketio: {bot_message_evt: 'bot'}  # old\n"
TELEGRAM = "rasa_project.channels.messaging.providers.telegram.TelegramInput"
ENTRY = (
    f"\n{TELEGRAM}:\n"
    "  access_token: ${TELEGRAM_ACCESS_TOKEN}\n"
    "  secret_token: ${TELEGRAM_SECRET_TOKEN}\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("TELEGRAM_"):
            monkeypatch.delenv(name)
    (tmp_path / "credentials.yml").write_text(THEIRS, encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def add(project: Path, *words: str) -> int:
    return attune.main(["channel", "add", *words, "--project", str(project)])


def files(project: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in project.iterdir() if path.is_file()}


def answer(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_each_setting_of_each_channel_is_explained() -> None:
    unexplained = [
        f"{name}: {setting}"
        for name, channel in catalogue.inputs().items()
        for setting in channel.Provider.Settings.__fields__
        if not catalogue.hints(channel.Provider.Settings).get(setting)
    ]
    assert unexplained == []
    assert {fake.name for fake in FAKES} == set(catalogue.inputs())


@pytest.mark.parametrize("fake", parameters(FAKES))
def test_rasa_loads_what_was_written(
    fake: type[FakeService], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = fake()
    service.url = "http://127.0.0.1:9"
    fields = catalogue.inputs()[service.name].Provider.Settings.__fields__
    words: list[str] = []
    for name, value in service.settings().items():
        if fields[name].type_ is SecretStr:
            monkeypatch.setenv(f"{service.name}_{name}".upper(), value)
        else:
            words += ["--set", f"{name}={value}"]
    assert add(project, service.name, *words, "--yes", "--offline") == 0
    channels = create_http_input_channels(None, str(project / "credentials.yml"))
    (loaded,) = (each for each in channels if each.name() == service.name)
    expected = type(loaded).from_credentials(service.settings())
    assert loaded.provider.settings == expected.provider.settings


def test_answers_become_an_entry_and_a_file_of_secrets(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    answer(monkeypatch, TOKEN, "too short", "", str(project / ".env"), "y")
    assert add(project, "telegram", "--offline") == 0
    written = files(project)
    made = re.search(r"TELEGRAM_SECRET_TOKEN=(\S{43})\n", written[".env"])
    assert made is not None
    assert written == {
        "credentials.yml": THEIRS + ENTRY,
        ".env": f"TELEGRAM_ACCESS_TOKEN={TOKEN}\nTELEGRAM_SECRET_TOKEN={made[1]}\n",
        ".gitignore": "/.env\n",
    }
    assert (project / ".env").stat().st_mode & 0o777 == 0o600
    printed = capsys.readouterr().out
    assert "`secret_token` must be 16 to 256 letters" in printed
    assert TOKEN not in printed and made[1] not in printed
    assert "then `attune channel register telegram https://YOUR-SERVER`" in printed


def test_without_a_file_the_variables_to_set_are_named(project: Path, capsys: Printed) -> None:
    assert add(project, "telegram", "--yes", "--offline") == 0
    printed = capsys.readouterr().out
    assert re.search(
        r"  TELEGRAM_SECRET_TOKEN=\S{43}  \(made up just now, shown this once\)", printed
    )
    assert "  TELEGRAM_ACCESS_TOKEN: From @BotFather.\n" in printed
    assert files(project) == {"credentials.yml": THEIRS + ENTRY}


async def test_the_service_is_told_its_webhook_and_looked_at(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("TELEGRAM_ACCESS_TOKEN", TOKEN)
    (project / "secrets").write_text(f"TELEGRAM_SECRET_TOKEN='{SECRET}'\n")
    fake = Fake()
    await fake.start()
    words = ["telegram", "--set", f"api_url={fake.url}", "--url", "https://bot.example/", "--yes"]
    words += ["--env-file", str(project / "secrets")]
    try:
        assert await asyncio.to_thread(add, project, *words) == 0
    finally:
        await fake.end()
    hook = "https://bot.example/webhooks/telegram/webhook"
    assert (fake.webhook["url"], fake.webhook["secret_token"]) == (hook, SECRET)
    assert capsys.readouterr().out.endswith(
        f"Telegram delivers to {hook} from now on.\n"
        "ok  The token is that of @shop_bot.\n"
        f"ok  The webhook is {hook}.\n"
        "Next: start Rasa anew, which reads credentials.yml when it starts; then "
        "`attune channel check telegram`.\n"
    )


def test_a_service_that_refuses_leaves_the_entry_and_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("TELEGRAM_ACCESS_TOKEN", TOKEN)
    words = ["--set", "api_url=http://127.0.0.1:9", "--url", "https://bot.example", "--yes"]
    assert add(project, "telegram", *words) == 1
    assert "no  Telegram cannot be reached" in capsys.readouterr().out
    assert TELEGRAM in files(project)["credentials.yml"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["telegrm"], "There is no channel 'telegrm'. Did you mean telegram?"),
        (["telegram", "--set", "acess_token=1"], "Did you mean access_token?"),
        (
            ["telegram", "--set", "access_token=1:secret"],
            "set TELEGRAM_ACCESS_TOKEN in the environment",
        ),
        (["telegram", "--set", "api_url=http://bad.example"], "`api_url` must be an https address"),
        (["whatsapp"], "`phone_number_id` is missing: Of the business number"),
        (["wecom", "--set", "corp_id=a", "--set", "agent_id=x"], "`agent_id` value is not a valid"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(
    project: Path, capsys: Printed, words: list[str], says: str
) -> None:
    assert add(project, *words, "--yes", "--offline") == 1
    printed = capsys.readouterr()
    assert says in printed.err and "1:secret" not in printed.out + printed.err
    assert files(project) == {"credentials.yml": THEIRS}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("rest:\n  - [\n", "credentials.yml, line 3: this is not YAML that can be read"),
        ("- rest\n", "must hold `key: value` lines at its top level"),
        ("{rest: }\n", "without rewriting it"),
        ("rest:\n...\n", "without rewriting it"),
        (f"{TELEGRAM}:\n", "The channel telegram is there already, in "),
        ("rest:\ntelegram:\n  verify: x\n", "line 2, has Rasa's own channel telegram"),
    ],
)
def test_a_credentials_file_that_cannot_take_it_stays(
    project: Path, capsys: Printed, content: str, says: str
) -> None:
    (project / "credentials.yml").write_text(content)
    assert add(project, "telegram", "--yes", "--offline") == 1
    assert says in capsys.readouterr().err
    assert files(project) == {"credentials.yml": content}


@pytest.mark.parametrize("answers", [[], [TOKEN], [TOKEN, "", ""], [TOKEN, "", "", "n"]])
def test_without_all_answers_nothing_is_written(
    project: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    answer(monkeypatch, *answers)
    assert add(project, "telegram", "--offline") == 1
    assert files(project) == {"credentials.yml": THEIRS}


def test_a_file_that_git_keeps_takes_no_secrets(project: Path, capsys: Printed) -> None:
    kept = project / "settings.env"
    kept.write_text("A=1")
    subprocess.run(["git", "-C", str(project), "add", kept.name], check=True)
    assert add(project, "telegram", "--yes", "--offline", "--env-file", str(kept)) == 1
    assert f"git keeps {kept} already" in capsys.readouterr().err
    assert files(project) == {"credentials.yml": THEIRS, "settings.env": "A=1"}


def test_a_new_project_gets_the_file(project: Path) -> None:
    (project / "credentials.yml").unlink()
    assert add(project, "telegram", "--yes", "--offline") == 0
    assert files(project) == {"credentials.yml": ENTRY.lstrip("\n")}


def test_a_terminal_does_not_show_secrets(project: Path) -> None:
    command = [sys.executable, "-m", "rasa_project.attune", "channel", "add", "telegram"]
    child, terminal = pty.fork()
    if not child:  # the other process, with the terminal as its own
        os.execv(sys.executable, [*command, "--project", str(project), "--offline"])
    screen = _typed(terminal, [TOKEN, SECRET, "", "y"])
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "what you entered, which is kept nowhere" in screen
    assert TOKEN not in screen and SECRET not in screen
    assert files(project) == {"credentials.yml": THEIRS + ENTRY}


def _typed(terminal: int, answers: list[str]) -> str:
    """Answer each question when it is asked; return what was to be seen."""
    screen, waiting = "", list(answers)
    while True:
        try:
            screen += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:  # the end of a terminal's other side
            return screen
        if waiting and re.search(r"(> |\[y/N\] )$", screen):
            os.write(terminal, f"{waiting.pop(0)}\n".encode())
            screen += " "
