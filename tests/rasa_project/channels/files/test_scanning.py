"""Files are looked at by a command or by ClamAV's daemon before anybody gets them."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rasa_project.channels.files.scanning import Clamd, Command, Infected, NotScanned, scanner
from tests.rasa_project.channels.files import samples

# Ends as clamscan does.
LOOK = "import sys; sys.exit(b'EICAR' in open(sys.argv[1], 'rb').read())"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "part"
    path.write_bytes(samples.PDF)
    return path


@contextlib.asynccontextmanager
async def daemon(path: Path, limit: int = 1_000_000) -> AsyncIterator[list[bytes]]:
    """A server with the protocol of `man clamd`: INSTREAM, zero-terminated."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
        heard.append(content)
        said = b"stream: Eicar-Test-Signature FOUND" if b"EICAR" in content else b"stream: OK"
        too_long = b"INSTREAM size limit exceeded. ERROR"
        writer.write((too_long if len(content) > limit else said) + b"\0")
        writer.close()

    async with await asyncio.start_unix_server(serve, path):
        yield heard


async def test_a_commands_end_says_whether_a_file_is_clean(file: Path) -> None:
    looking = Command([sys.executable, "-c", LOOK, "{file}"], 60)
    await looking.check(file)
    file.write_bytes(samples.EICAR)
    with pytest.raises(Infected):
        await looking.check(file)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["/no/such/program"], "cannot be run"),
        ([sys.executable, "-c", "import sys; print('broken'); sys.exit(2)"], "2: broken"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "took more than 0.5 s"),
    ],
)
async def test_a_command_that_fails_lets_nothing_through(
    file: Path, words: list[str], says: str
) -> None:
    with pytest.raises(NotScanned, match=says):
        await Command(words, 0.5 if "took" in says else 60).check(file)


async def test_the_daemon_gets_the_whole_file_and_its_word_counts(
    file: Path, tmp_path: Path
) -> None:
    content = samples.PDF * 20_000
    file.write_bytes(content)
    async with daemon(tmp_path / "d", limit=len(content)) as heard:
        clamd = Clamd(f"unix:{tmp_path / 'd'}", 60)
        await clamd.check(file)
        assert heard == [content]
        file.write_bytes(samples.EICAR)
        with pytest.raises(Infected, match="Eicar-Test-Signature"):
            await clamd.check(file)
        file.write_bytes(content + b"more")
        with pytest.raises(NotScanned, match="size limit exceeded"):
            await clamd.check(file)


async def test_a_daemon_that_is_away_lets_nothing_through(file: Path, tmp_path: Path) -> None:
    with pytest.raises(NotScanned, match="does not answer"):
        await Clamd(f"unix:{tmp_path / 'nobody'}", 5).check(file)


@pytest.mark.parametrize(
    "wrong",
    [True, {}, {"command": []}, {"command": "clamscan"}, {"clamd": "clamd"}, {"clamd": "tcp://x"}],
)
def test_a_setting_that_names_no_scanner_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="`scan` must be"):
        scanner(wrong, 1)
