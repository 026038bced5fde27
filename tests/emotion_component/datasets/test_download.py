"""Fetching a file over HTTP, from a real server on the loopback."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from emotion_component.datasets.download import ATTEMPTS, download
from emotion_component.errors import FetchError
from tests.emotion_component.files_server import Files, serve
from tests.ports import free_ports

CONTENT = random.Random(5).randbytes(600_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def fetch(files: Files, path: Path, sha256: str | None = SHA256) -> None:
    download(f"{files.url}/a", path, sha256, pause=0.01)


def test_a_file_arrives_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    with serve(Files({"/a": CONTENT})) as files:
        fetch(files, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_cut_connection_costs_only_what_had_not_arrived(tmp_path: Path) -> None:
    with serve(Files({"/a": CONTENT}, cut_after=[200_000, 100_000])) as files:
        fetch(files, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert files.ranges[0] == ""
    assert all(asked.startswith("bytes=") for asked in files.ranges[1:])
    assert sum(files.sent) <= len(CONTENT) + 2 * (1 << 16)


def test_after_too_many_cuts_a_later_call_goes_on(tmp_path: Path) -> None:
    with serve(Files({"/a": CONTENT}, cut_after=[70_000] * ATTEMPTS)) as files:
        with pytest.raises(FetchError, match=r"/a cannot be fetched: .* goes on from there"):
            fetch(files, tmp_path / "a")
        assert not (tmp_path / "a").exists()
        kept = (tmp_path / "a.part").stat().st_size
        fetch(files, tmp_path / "a")
    assert kept > 0
    assert files.ranges[-1] == f"bytes={kept}-"
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_fetched_anew(tmp_path: Path) -> None:
    with serve(Files({"/a": b"old" * 100_000}, cut_after=[70_000] * ATTEMPTS)) as files:
        with pytest.raises(FetchError):
            fetch(files, tmp_path / "a", None)
        files.contents["/a"], files.tag = CONTENT, '"2"'
        fetch(files, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize("tag", ["", 'W/"1"'])
def test_where_the_server_names_no_version_nothing_is_pieced_together(
    tmp_path: Path, tag: str
) -> None:
    with serve(Files({"/a": CONTENT}, tag=tag, cut_after=[70_000])) as files:
        fetch(files, tmp_path / "a")
    assert files.ranges == ["", ""]
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(CONTENT + b"more")
    (tmp_path / "a.part-of").write_text('"1"')
    with serve(Files({"/a": CONTENT})) as files:
        fetch(files, tmp_path / "a")
    assert len(files.ranges) == 2
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_busy_server_is_asked_again_and_a_refusal_is_final(tmp_path: Path) -> None:
    with serve(Files({"/a": CONTENT}, failures=[503, 429])) as files:
        fetch(files, tmp_path / "a")
        assert (tmp_path / "a").read_bytes() == CONTENT
        with pytest.raises(FetchError, match=r"/none cannot be fetched: 404 Not Found"):
            download(f"{files.url}/none", tmp_path / "none", pause=0.01)
    assert len(files.ranges) == 4


def test_other_content_than_expected_is_refused_and_not_kept(tmp_path: Path) -> None:
    refused = pytest.raises(FetchError, match=f"instead of {SHA256}")
    with serve(Files({"/a": b"something else"})) as files, refused:
        fetch(files, tmp_path / "a")
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "a.part").exists()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with pytest.raises(FetchError, match=f"http://127.0.0.1:{port}/a cannot be fetched"):
        download(f"http://127.0.0.1:{port}/a", tmp_path / "a", pause=0.01)


@pytest.mark.services
def test_what_a_killed_fetch_had_is_not_fetched_again(tmp_path: Path) -> None:
    hold = threading.Event()
    files = Files({"/a": CONTENT}, hold=hold)
    with serve(files):
        code = f"""
from pathlib import Path
from emotion_component.datasets.download import download
download({files.url + "/a"!r}, Path({str(tmp_path / "a")!r}))
"""
        fetching = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
        part = tmp_path / "a.part"
        deadline = time.monotonic() + 60
        # Blocks are written as they fill; the last of the first half stays with the process.
        while not (part.is_file() and part.stat().st_size > 100_000):
            assert time.monotonic() < deadline, "nothing arrived"
            time.sleep(0.02)
        fetching.kill()
        fetching.wait()
        kept = part.stat().st_size
        files.hold = None
        hold.set()
        fetch(files, tmp_path / "a")
    assert files.ranges == ["", f"bytes={kept}-"]
    assert (tmp_path / "a").read_bytes() == CONTENT
