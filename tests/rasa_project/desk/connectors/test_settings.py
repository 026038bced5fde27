from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.desk.connectors import command, registry, settings
from rasa_project.errors import StartError
from tests.rasa_project.desk.connectors.fake_chatwoot import FakeChatwoot
from tests.rasa_project.desk.connectors.fake_desk import FakeDesk

GOOD = """
desk_url: https://desk.example.com/
connectors:
  hook:
    type: webhook
    url: https://example.com/events/
    secret: ${HOOK_SECRET}
"""


def read(folder: Path, text: str) -> settings.ConnectorsFile:
    (folder / "connectors.yml").write_text(text)
    return settings.read({"ATTUNE_CONNECTORS": str(folder / "connectors.yml")})


def test_the_file_is_read_and_secrets_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret")
    file = read(tmp_path, GOOD)
    ((name, (_, checked)),) = registry.validated(file).items()
    assert (file.desk_url, name, checked.url) == (
        "https://desk.example.com", "hook", "https://example.com/events",
    )  # fmt: skip
    assert "s3cret" not in repr(checked)
    assert settings.read({}) == settings.ConnectorsFile("")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("${HOOK_SECRET}", "s3cret", "`secret` of the connector hook must be the name of an env"),
        ("${HOOK_SECRET}", "${NOBODY_SET_ME}", "the environment variable NOBODY_SET_ME is not set"),
        ("https://example.com/events/", "http://example.com", "must be an https address"),
        ("type: webhook", "type: carrier-pigeon", "is of the type 'carrier-pigeon'"),
        ("    secret:", "    sekret:", "`secret` of the connector hook is missing"),
        ("type: webhook", "type: webhook\n    colour: red", "`colour` of the connector hook is no"),
        ("desk_url: https://desk.example.com/", "", "`desk_url` in"),
        ("  hook:", "  Hook 1:", "must be named by letters"),
        ("connectors:", "connectors: [", "cannot be read"),
    ],
)
def test_nonsense_ends_the_start_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, says: str
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret")
    assert old in GOOD
    with pytest.raises(StartError) as refused:
        registry.validated(read(tmp_path, GOOD.replace(old, new)))
    assert says in str(refused.value)
    assert "s3cret" not in str(refused.value) or new == "s3cret"


async def check(fake: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> list[bool | None]:
    listed = settings.Listed(fake.name, fake.name, fake.settings())
    file = settings.ConnectorsFile("https://desk.example.com", (listed,))
    return [finding.ok for finding in await command.findings(file, fake.name)]


async def test_a_connector_that_works_is_found_so(
    fake: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await check(fake, monkeypatch)
    assert True in found
    assert False not in found


async def test_a_wrong_token_and_a_desk_that_is_down_are_found(
    chatwoot: FakeChatwoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATWOOT_TOKEN", "wrong")
    assert await check(chatwoot, monkeypatch) == [False]
    await chatwoot.stop()
    assert await check(chatwoot, monkeypatch) == [False]


def test_an_unknown_name_says_which_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "connectors.yml").write_text(GOOD)
    monkeypatch.setenv("ATTUNE_CONNECTORS", str(tmp_path / "connectors.yml"))
    with pytest.raises(StartError, match=r"There is no connector 'slack'\. In .*: hook\."):
        command.check("slack")
