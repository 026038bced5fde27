"""What a HEIF picture holds beside pictures, and where (ISO/IEC 14496-12, 8.11; 23008-12)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rasa_project.channels.files.boxes import BrokenBox, Part, boxes

_TELLING: Final = frozenset({b"Exif", b"mime", b"uri "})


@dataclass(frozen=True)
class Item:
    """Something that is told.

    Attributes:
        kind: `Exif`, `mime` (XMP, mostly) or `uri `.
        parts: Where it is in the file.
    """

    kind: bytes
    parts: tuple[Part, ...]


def telling_items(infos: bytes, places: bytes, whole: Part, held: Part | None) -> Iterator[Item]:
    """Give the items that are no pictures.

    Args:
        infos: Content of the box `iinf`.
        places: Content of the box `iloc`.
        whole: The file.
        held: Content of the box `idat`, none where there is none.

    Raises:
        BrokenBox: An item is nowhere.
        struct.error: A list ends before its end.
    """
    kinds = dict(_kinds(infos))
    for number, source, extents in _placed(places):
        kind = kinds.get(number)
        if kind not in _TELLING:
            continue
        within = {0: whole, 1: held}.get(source)
        if within is None:
            raise BrokenBox(f"The item {number} is in nothing that there is.")
        start, end = within
        parts = [(start + at, start + at + length) for at, length in extents]
        if any(first < start or last > end or first == last for first, last in parts):
            raise BrokenBox(f"The item {number} is beyond the end.")
        yield Item(kind, tuple(parts))


def _kinds(infos: bytes) -> Iterator[tuple[int, bytes]]:
    head = 6 if infos[:1] == b"\0" else 8
    file = io.BytesIO(infos)
    for entry in boxes(file, (head, len(infos))):
        content = infos[entry.start : entry.end]
        if content[:1] in {b"\2", b"\3"}:
            wide = content[0] == 3
            number, _, kind = struct.unpack_from(">IH4s" if wide else ">HH4s", content, 4)
            yield number, kind


def _placed(places: bytes) -> Iterator[tuple[int, int, list[Part]]]:
    """Give number, source (0 file, 1 `idat`) and extents (distance, bytes) of each item."""
    reader = _Reader(places)
    version = reader.number(1)
    reader.number(3)
    widths = reader.number(2)
    offset, length, base, index = ((widths >> shift) & 15 for shift in (12, 8, 4, 0))
    index = index if version else 0
    for _ in range(reader.number(2 if version < 2 else 4)):
        number = reader.number(2 if version < 2 else 4)
        source = reader.number(2) & 15 if version else 0
        elsewhere = reader.number(2)
        begin = reader.number(base)
        extents = []
        for _ in range(reader.number(2)):
            reader.number(index)
            extents.append((begin + reader.number(offset), reader.number(length)))
        if not elsewhere:
            yield number, source, extents


class _Reader:
    """Numbers of any width, one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, width: int) -> int:
        end = self._at + width
        if end > len(self._content):
            raise struct.error("A list ends before its end.")
        value = int.from_bytes(self._content[self._at : end], "big")
        self._at = end
        return value
