"""Whether a film has pictures: a voice note and a film come in the same containers.

Of WebM (a part of Matroska, RFC 9559) and of MP4 (ISO/IEC 14496-12) only the part that lists the
tracks is read. What is cut or broken is left to be what its signature says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from rasa_project.channels.files.boxes import BrokenBox, Part, boxes

AUDIO: Final = {"video/webm": "audio/webm", "video/mp4": "audio/mp4"}

_SEGMENT: Final = 0x18538067
_TRACKS: Final = 0x1654AE6B
_TRACK_ENTRY: Final = 0xAE
_TRACK_TYPE: Final = 0x83
_CLUSTER: Final = 0x1F43B675  # sound and pictures themselves; the tracks stand before
_MATROSKA: Final = {b"\x01": "video", b"\x02": "audio"}
_MP4: Final = {b"vide": "video", b"soun": "audio"}
_MOST: Final = 4_096  # elements that are looked at in one container


def sound_alone(path: Path, mime_type: str) -> str | None:
    """Return the audio type of a film without pictures; none where it has some, or nobody knows.

    Args:
        path: The file.
        mime_type: What its signature says.
    """
    audio = AUDIO.get(mime_type)
    if audio is None:
        return None
    with path.open("rb") as file:
        whole = (0, path.stat().st_size)
        read = _matroska if mime_type == "video/webm" else _mp4
        kinds = set(read(file, whole))
    return audio if kinds == {"audio"} else None


def _matroska(file: BinaryIO, whole: Part) -> Iterator[str]:
    for segment in _elements(file, whole, _SEGMENT):
        for tracks in _elements(file, segment, _TRACKS):
            for track in _elements(file, tracks, _TRACK_ENTRY):
                for start, end in _elements(file, track, _TRACK_TYPE):
                    file.seek(start)
                    yield _MATROSKA.get(file.read(end - start).lstrip(b"\0"), "other")


def _elements(file: BinaryIO, within: Part, wanted: int) -> Iterator[Part]:
    """Give the elements of one kind; one whose size is not told lasts to the end."""
    at, end = within
    for _ in range(_MOST):
        if at >= end:
            return
        file.seek(at)
        name, size = _number(file, keeps_marker=True), _number(file, keeps_marker=False)
        if name is None or size is None or name == _CLUSTER:
            return
        start = file.tell()
        stop = end if size < 0 else min(start + size, end)
        if name == wanted:
            yield start, stop
        at = stop


def _number(file: BinaryIO, *, keeps_marker: bool) -> int | None:
    """Read a number of variable length (RFC 8794, section 4); -1 for a size that is not told."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    rest = file.read(length - 1)
    if len(rest) != length - 1:
        return None
    value = int.from_bytes(first + rest, "big")
    if keeps_marker:
        return value
    value &= (1 << 7 * length) - 1
    return -1 if value == (1 << 7 * length) - 1 else value


def _mp4(file: BinaryIO, whole: Part) -> Iterator[str]:
    for movie in _named(file, whole, b"moov"):
        for track in _named(file, movie, b"trak"):
            for media in _named(file, track, b"mdia"):
                for start, _ in _named(file, media, b"hdlr"):
                    file.seek(start + 8)  # behind version, flags and a field of zeros
                    yield _MP4.get(file.read(4), "other")


def _named(file: BinaryIO, within: Part, wanted: bytes) -> Iterator[Part]:
    with contextlib.suppress(BrokenBox):
        for box in boxes(file, within):
            if box.name == wanted:
                yield box.content
