"""How many workers a project asks for, wherever it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.guest.findings import Place
from rasa_project.guest.workers import asked_workers


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (".env", "A=1\nSANIC_WORKERS=4\n", 2),
        ("Dockerfile", "FROM x\nENV SANIC_WORKERS 4\n", 2),
        ("start.sh", "SANIC_WORKERS='4' rasa run\n", 1),
        ("docker-compose.yml", "a:\n  environment:\n    - SANIC_WORKERS=4\n", 3),
        ("deploy/rasa.yaml", "env:\n  - name: SANIC_WORKERS\n    value: '4'\n", 3),
    ],
)
def test_each_way_of_asking_is_read(tmp_path: Path, name: str, text: str, line: int) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert asked_workers(tmp_path) == (4, Place(name, line))


def test_a_comment_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# SANIC_WORKERS=4\n")
    assert asked_workers(tmp_path)[0] == 1


def test_the_environment_asks_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    assert asked_workers(tmp_path) == (2, Place("environment"))
