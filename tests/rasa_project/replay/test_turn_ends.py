from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

from rasa_project.replay import turn_ends


def model(path: Path, ends: list[str] | None, when: int) -> None:
    """A Rasa model as far as it is read here: an archive with a component's file."""
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in (
            ("metadata.json", {}),
            ("components/train_EscalationPolicy2/turn_ends.json", ends),
        ):
            if content is not None:
                data = json.dumps(content).encode()
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    os.utime(path, (when, when))


def test_the_newest_model_tells(tmp_path: Path) -> None:
    model(tmp_path / "models" / "b.tar.gz", ["utter_old"], when=1)
    model(tmp_path / "models" / "a.tar.gz", ["utter_bye", "utter_hello"], when=2)
    assert turn_ends.read(tmp_path) == frozenset({"utter_bye", "utter_hello"})


def test_without_such_a_model_nothing_is_known(tmp_path: Path) -> None:
    assert turn_ends.read(tmp_path) is None
    model(tmp_path / "models" / "a.tar.gz", None, when=1)
    assert turn_ends.read(tmp_path) is None
    (tmp_path / "models" / "b.tar.gz").write_bytes(b"half a model")
    assert turn_ends.read(tmp_path) is None
