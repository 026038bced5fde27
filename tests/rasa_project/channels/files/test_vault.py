"""The folder of files, and what a kill leaves in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rasa_project.channels.files.vault import Vault


def test_a_file_is_seen_whole_and_by_its_owner_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "files")
    part, file = vault.begin("ab12")
    file.write(b"a file")
    assert not vault.place("ab12").exists()
    file.close()
    vault.seal(part, "ab12")
    assert (vault.place("ab12").read_bytes(), part.exists()) == (b"a file", False)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (vault.folder, vault.place("ab12"))]
    assert modes == [0o700, 0o600]


@pytest.mark.parametrize("name", ["../secret", "", "a/b", "a.part"])
def test_nothing_but_an_id_leads_to_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        Vault(tmp_path).place(name)


def test_what_is_old_and_unknown_is_swept_and_nothing_else(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    for name in ("aa1known", "aa2orphan", "bb3young"):
        part, file = vault.begin(name)
        file.close()
        vault.seal(part, name)
    left, file = vault.begin("cc4part")
    file.close()
    for path in (vault.place("aa1known"), vault.place("aa2orphan"), left):
        os.utime(path, (0, 0))
    assert vault.sweep(lambda ids: {"aa1known"} & set(ids)) == 2
    names = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert names == ["aa1known", "bb3young"]
