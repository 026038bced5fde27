"""Whether a film has pictures, by the list of its tracks."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from rasa_project.channels.files.formats import UnknownFormat, judge
from rasa_project.channels.files.tracks import sound_alone
from tests.rasa_project.channels.files import samples

EBML = samples.WEBM + b"B\x87\x81\x04B\x85\x81\x02"
ENDLESS = b"\x01" + b"\xff" * 7


def element(name: bytes, content: bytes, size: bytes | None = None) -> bytes:
    return name + (size or bytes([0x80 | len(content)])) + content


def webm(*kinds: int) -> bytes:
    """A stream, as browsers record them: its own size and that of its parts are not told."""
    entries = b"".join(element(b"\xae", element(b"\x83", bytes([kind]))) for kind in kinds)
    told = element(b"\x15\x49\xa9\x66", b"\xec\x81\0") + element(b"\x16\x54\xae\x6b", entries)
    return EBML + element(b"\x18\x53\x80\x67", told + b"\x1f\x43\xb6\x75" + ENDLESS, ENDLESS)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def mp4(*kinds: bytes, long: bool = False) -> bytes:
    tracks = b"".join(
        box(b"trak", box(b"tkhd", b"\0" * 20) + box(b"mdia", box(b"hdlr", b"\0" * 8 + kind)))
        for kind in kinds
    )
    movie = box(b"mvhd", b"\0" * 20) + tracks
    if long:
        movie = struct.pack(">I4sQ", 1, b"moov", len(movie) + 16) + movie
    else:
        movie = box(b"moov", movie)
    return samples.MP4[:24] + movie + box(b"mdat", b"\0" * 9)


@pytest.mark.parametrize(
    ("content", "mime_type", "audio"),
    [
        (webm(2), "video/webm", "audio/webm"),
        (webm(2, 2), "video/webm", "audio/webm"),
        (webm(1, 2), "video/webm", None),
        (webm(17), "video/webm", None),
        (webm(), "video/webm", None),
        (samples.WEBM, "video/webm", None),
        (EBML + b"\x18\x53", "video/webm", None),
        (mp4(b"soun"), "video/mp4", "audio/mp4"),
        (mp4(b"soun", long=True), "video/mp4", "audio/mp4"),
        (mp4(b"vide", b"soun"), "video/mp4", None),
        (samples.MP4, "video/mp4", None),
        (b"\0\0\0\0moov", "video/mp4", None),
        (samples.PDF, "application/pdf", None),
    ],
)
def test_sound_without_pictures_is_told_from_films(
    tmp_path: Path, content: bytes, mime_type: str, audio: str | None
) -> None:
    path = tmp_path / "part"
    path.write_bytes(content)
    assert sound_alone(path, mime_type) == audio


def test_a_voice_note_is_sound_under_any_name_and_a_film_to_who_takes_films_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "part"
    path.write_bytes(webm(2))
    told = [judge(path, name) for name in ("note.weba", "note.webm", "note")]
    assert [(one.mime_type, one.name, one.kind) for one in told] == [
        ("audio/webm", "note.weba", "audio"),
        ("audio/webm", "note.webm", "audio"),
        ("audio/webm", "note.weba", "audio"),
    ]
    assert judge(path, "a.webm", ["video/webm"]).mime_type == "video/webm"
    with pytest.raises(UnknownFormat):
        judge(path, "a.weba", ["audio/ogg"])
