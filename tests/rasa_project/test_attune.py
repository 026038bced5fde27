"""The `attune` command, as a bot developer runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rasa_project import attune
from tests.rasa_project.guest import bots

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("words", [[], ["heal"], ["add"], ["doctor", "--jsn", "."]])
def test_wrong_usage_exits_with_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        attune.main(words)
    assert caught.value.code == 2


@pytest.mark.parametrize("command", ["add", "doctor"])
def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attune.main([command, str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"attune: {tmp_path} has no config.yml")


def test_neither_rasa_nor_tensorflow_is_loaded_for_it(tmp_path: Path) -> None:
    code = (
        "import sys; from rasa_project.attune import main; main(sys.argv[1:]);"
        "sys.exit(bool({'rasa', 'tensorflow'} & set(sys.modules)))"
    )
    bot = bots.healthy(tmp_path)
    subprocess.run([sys.executable, "-c", code, "doctor", bot], cwd=ROOT, check=True)
