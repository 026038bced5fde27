"""Takes out of a picture what it says beside what it shows: where and when, by which device.

The picture itself is copied byte by byte. Of the metadata two parts stay, because without them it
would look otherwise: the colour profile, and which side is up. Films, phones' sound and HEIF
pictures are the business of `blanking.py`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rasa_project.channels.files import blanking
from rasa_project.channels.files.boxes import BrokenBox

_UPRIGHT: Final = 1
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_EXIF: Final = b"Exif\0\0"
_PNG_TOLD: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_TOLD: Final = frozenset({b"EXIF", b"XMP "})
_WEBP_SAYS_EXIF, _WEBP_SAYS_XMP = 0x08, 0x04

_EOI, _SOS, _COM, _APP = 0xD9, 0xDA, 0xFE, range(0xE0, 0xF0)
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_RESTARTS: Final = frozenset({0x00, *range(0xD0, 0xD8)})  # what may follow 0xFF within a scan


class BrokenPicture(Exception):
    """Its parts cannot be told from one another."""


def strip(path: Path, mime_type: str) -> int:
    """Take the metadata out of a file that nobody has yet; return its size then.

    Args:
        path: A JPEG, PNG, WebP or HEIF picture, or a film; any other file stays as it is.
        mime_type: What it is.

    Raises:
        BrokenPicture: It is none that a program could draw either.
    """
    try:
        if mime_type in blanking.TYPES:
            blanking.blank(path, mime_type)
        copy = _COPIES.get(mime_type)
        if copy is None:
            return path.stat().st_size
        whole = path.read_bytes()
        kept = copy(whole)
    except (struct.error, IndexError, BrokenBox) as error:
        raise BrokenPicture(str(error)) from error
    if kept != whole:
        path.write_bytes(kept)
    return len(kept)


def _jpeg(whole: bytes) -> bytes:
    """Copy the segments of a picture up to its end; what phones append there is films and more."""
    kept = [whole[:2]]
    for marker, segment in _segments(whole):
        body = segment[4:]
        if marker == 0xE1 and body.startswith(_EXIF):
            side = _side(body[len(_EXIF) :])
            told = _EXIF + _exif(side)
            kept += (
                [] if side == _UPRIGHT else [b"\xff\xe1", struct.pack(">H", len(told) + 2), told]
            )
        elif marker == _COM or (marker in _APP and not _is_drawn_by(marker, body)):
            continue
        else:
            kept.append(segment)
    return b"".join(kept)


def _is_drawn_by(marker: int, body: bytes) -> bool:
    names = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
    return marker in names and body.startswith(names[marker])


def _segments(whole: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while at < len(whole):
        if whole[at] != 0xFF:
            raise BrokenPicture("A segment of the JPEG has no marker.")
        marker = whole[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        length = 2 if marker in _ALONE or marker == _EOI else 2 + _word(whole, at + 2)
        end = at + length
        if marker == _SOS:
            end = _end_of_scan(whole, end)
        yield marker, whole[at:end]
        if marker == _EOI:
            return
        at = end


def _end_of_scan(whole: bytes, at: int) -> int:
    while True:
        at = whole.find(b"\xff", at)
        if at < 0 or at + 1 >= len(whole):  # cut off: browsers draw what there is
            return len(whole)
        if whole[at + 1] not in _RESTARTS:
            return at
        at += 2


def _png(whole: bytes) -> bytes:
    kept, at = [whole[:8]], 8
    while at + 8 <= len(whole):
        length, name = struct.unpack_from(">I4s", whole, at)
        end = at + 12 + length
        if name == b"eXIf":
            kept.append(_png_exif(_side(whole[at + 8 : end - 4])))
        elif name not in _PNG_TOLD:
            kept.append(whole[at:end])
        if name == b"IEND":
            break
        at = end
    return b"".join(kept)


def _png_exif(side: int) -> bytes:
    if side == _UPRIGHT:
        return b""
    named = b"eXIf" + _exif(side)
    return struct.pack(">I", len(named) - 4) + named + struct.pack(">I", zlib.crc32(named))


def _webp(whole: bytes) -> bytes:
    kept, at, side = [], 12, _UPRIGHT
    while at + 8 <= len(whole):
        name, length = struct.unpack_from("<4sI", whole, at)
        end = at + 8 + length + length % 2
        if name == b"EXIF":
            side = _side(whole[at + 8 : end].removeprefix(_EXIF))
        if name not in _WEBP_TOLD:
            kept.append(whole[at:end])
        at = end
    if side != _UPRIGHT:
        told = _exif(side)
        kept.append(b"EXIF" + struct.pack("<I", len(told)) + told)
    if kept and kept[0].startswith(b"VP8X"):
        says = kept[0][8] & ~(_WEBP_SAYS_EXIF | _WEBP_SAYS_XMP)
        says |= _WEBP_SAYS_EXIF if side != _UPRIGHT else 0
        kept[0] = kept[0][:8] + bytes([says]) + kept[0][9:]
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _side(exif: bytes) -> int:
    """Return which side is up, 1 to 8; the usual one where nothing sensible is said."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return _UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(count):
            at = start + 2 + 12 * entry
            tag, kind, number, value = struct.unpack_from(f"{order}HHIH", exif, at)
            if (tag, kind, number) == (_ORIENTATION, _SHORT, 1) and 1 <= value <= 8:
                return int(value)
    except struct.error:
        pass
    return _UPRIGHT


def _exif(side: int) -> bytes:
    """Make metadata that says nothing but which side is up."""
    return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _ORIENTATION, _SHORT, 1, side, 0, 0)


def _word(whole: bytes, at: int) -> int:
    (value,) = struct.unpack_from(">H", whole, at)
    if value < 2:
        raise BrokenPicture("A segment of the JPEG is shorter than its own length.")
    return int(value)


_COPIES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
