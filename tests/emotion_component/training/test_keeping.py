"""Files of a training are there as a whole, or as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotion_component.training.keeping import keep


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "run" / "best.npz"
    keep(path, lambda fresh: fresh.write_bytes(b"weights"))
    assert path.read_bytes() == b"weights"
    assert list(path.parent.iterdir()) == [path]


def test_writing_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "best.npz"
    path.write_bytes(b"old")

    def write(fresh: Path) -> None:
        fresh.write_bytes(b"ne")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        keep(path, write)
    assert path.read_bytes() == b"old"


def test_what_is_written_keeps_the_end_of_its_name(tmp_path: Path) -> None:
    """NumPy would add its own where it is missing, and write another file."""
    names: list[str] = []

    def write(fresh: Path) -> None:
        names.append(fresh.name)
        fresh.write_bytes(b"")

    keep(tmp_path / "best.npz", write)
    keep(tmp_path / "vocabulary", write)
    assert names == ["best-fresh.npz", "vocabulary-fresh"]
