from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from rasa_project.settings import Secrets, Settings, load_secrets


def test_the_addresses_follow_the_ports(tmp_path: Path) -> None:
    settings = Settings(tmp_path, rasa_port=1, actions_port=2, desk_port=3)
    assert settings.shop_url == "http://localhost:1/webhooks/webchat/shop"
    assert settings.desk_url == "http://localhost:3"


def test_secrets_are_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTUNE_RASA_TOKEN", raising=False)
    first = load_secrets(tmp_path)
    assert load_secrets(tmp_path) == first
    assert len(first.rasa_token) >= 40


def test_only_the_owner_reads_the_secrets(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_secrets(tmp_path)
    monkeypatch.setenv("ATTUNE_RASA_TOKEN", "from-the-operator")
    assert load_secrets(tmp_path) == Secrets("from-the-operator")


def test_a_start_that_was_killed_while_writing_makes_secrets_anew(tmp_path: Path) -> None:
    (tmp_path / "secrets.part").write_text('{"rasa_token": "ha', encoding="utf-8")
    load_secrets(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secrets.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"another_token": "alone"})])
def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"secrets\.json is damaged .* Delete it and start again"):
        load_secrets(tmp_path)
