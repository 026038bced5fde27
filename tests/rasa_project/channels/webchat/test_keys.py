from __future__ import annotations

import json
import stat
import time
from pathlib import Path

import pytest
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.webchat.keys import GivenKeys, KeptKeys, key_id

NEW, OLD = "n" * 32, "o" * 32


def test_the_first_given_key_signs_and_all_verify() -> None:
    keys = GivenKeys([NEW, OLD])
    assert keys.signing() == (key_id(NEW), NEW)
    assert [keys.secret(key_id(secret)) for secret in (NEW, OLD, "another")] == [NEW, OLD, None]
    assert keys.secret(7) is None


@pytest.mark.parametrize("secret", [None, "", "x" * 31, 7])
def test_a_secret_too_short_to_sign_with_is_refused(secret: object) -> None:
    with pytest.raises(InvalidConfigException, match="at least 32 characters"):
        GivenKeys([NEW, secret])


def test_a_kept_key_is_made_once_for_all_processes_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "keys.json"
    key = KeptKeys(path, 90, 30).signing()
    assert KeptKeys(path, 90, 30).signing() == KeptKeys(path, 90, 30).signing()
    assert KeptKeys(path, 90, 30).secret(key[0]) == key[1]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def age(path: Path, days: float) -> None:
    kept = json.loads(path.read_text())
    for key in kept["keys"]:
        key["made"] -= days * 86_400
    path.write_text(json.dumps(kept))


def test_an_old_key_signs_no_more_and_verifies_until_its_last_token_has_expired(
    tmp_path: Path,
) -> None:
    path = tmp_path / "keys.json"
    first = KeptKeys(path, 90, 30).signing()
    age(path, 91)
    running = KeptKeys(path, 90, 30)
    second = running.signing()
    assert second != first
    assert running.secret(first[0]) == first[1]
    age(path, 30)
    assert KeptKeys(path, 90, 30).secret(first[0]) is None
    assert KeptKeys(path, 90, 30).secret(second[0]) == second[1]


def test_a_running_server_renews_its_key_and_knows_the_one_another_made(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    one, other = KeptKeys(path, 1e-9, 30), KeptKeys(path, 90, 30)
    first = one.signing()
    time.sleep(0.001)
    second = one.signing()
    assert second != first
    assert other.secret(second[0]) == second[1]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"keys": [{"made": 1, "secret": "short"}]}'])
def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(InvalidConfigException, match=r"keys\.json is damaged .* Delete it"):
        KeptKeys(path, 90, 30).signing()


def test_a_start_that_was_killed_while_writing_makes_the_key_anew(tmp_path: Path) -> None:
    (tmp_path / "keys.part").write_text('{"keys": [{"ma')
    KeptKeys(tmp_path / "keys.json", 90, 30).signing()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.json", "keys.lock"]
