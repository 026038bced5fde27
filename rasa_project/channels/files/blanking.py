"""Takes out of films, phones' sound and HEIF pictures what they say beside what is seen and heard.

All of them are made of boxes, and sound and pictures are found by their distance from the file's
beginning. So nothing is moved: what tells becomes a `free` box of zeros, and times become zero
(ISO/IEC 14496-12; metadata of pictures: ISO/IEC 23008-12).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from rasa_project.channels.files.boxes import Box, BrokenBox, Part, boxes
from rasa_project.channels.files.heif_items import Item, telling_items
from rasa_project.channels.files.sample_tables import chunks

TYPES: Final = frozenset({"image/heif", "audio/mp4", "video/mp4", "video/3gpp", "video/quicktime"})
_PLAYED: Final = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin",
     b"wide"}
)  # fmt: skip
_DRAWN: Final = _PLAYED | {b"meta"}
# Of what a HEIF picture's `meta` may hold.
_DESCRIBED: Final = frozenset(
    {b"hdlr", b"pitm", b"iinf", b"iref", b"iprp", b"iloc", b"idat", b"grpl", b"dinf"}
)
# Programs leave in `free` and `skip` what they took out elsewhere.
_TELLING: Final = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
_TELLING_PROPERTIES: Final = frozenset({b"udes", b"crtt", b"mdft", b"uuid"})
_TIMED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
# Tracks of anything else hold where a camera was, frame by frame.
_SHOWN_TRACKS: Final = frozenset(
    {b"vide", b"soun", b"auxv", b"pict", b"subt", b"sbtl", b"text", b"clcp"}
)
_CHUNK: Final = 65_536
# Metadata of a picture that says nothing: a distance, then an empty list.
_NO_EXIF: Final = struct.pack(">I4sIHI", 0, b"MM\0*", 8, 0, 0)


def blank(path: Path, mime_type: str) -> None:
    """Blank what a file tells, in the file itself.

    Args:
        path: The file, which nobody has yet.
        mime_type: What it is: one of `TYPES`.

    Raises:
        BrokenBox: Its parts cannot be told from one another.
        struct.error: Likewise.
    """
    with path.open("r+b") as file:
        _Blanked(file, path.stat().st_size).run(picture=mime_type == "image/heif")


class _Blanked:
    """A file at work."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._left = 2 * size  # who lists the same bytes over and over shall not keep us busy

    def run(self, *, picture: bool) -> None:
        for box in list(boxes(self._file, (0, self._size))):
            if box.name not in (_DRAWN if picture else _PLAYED):
                self._free(box)
            elif box.name in {b"moov", b"moof"}:
                self._movie(box)
            elif box.name == b"meta":
                self._picture(box)

    def _movie(self, movie: Box) -> None:
        inside = list(boxes(self._file, movie.content))
        names = {box.name for box in inside}
        if b"cmov" in names:
            raise BrokenBox("The film's own list is compressed.")
        for box in inside:
            if box.name in {b"trak", b"traf"}:
                self._track(box, in_fragments=b"mvex" in names)
            else:
                self._tell_less(box)

    def _track(self, track: Box, *, in_fragments: bool) -> None:
        kinds = set(self._kinds(track))
        if kinds - _SHOWN_TRACKS:
            if in_fragments:
                raise BrokenBox("A fragmented film has a track of something that is not shown.")
            for part in self._samples(track):
                self._fill(part)
            self._free(track)
            return
        for box in boxes(self._file, track.content):
            self._tell_less(box)
            if box.name == b"mdia":
                for inner in boxes(self._file, box.content):
                    self._tell_less(inner)

    def _tell_less(self, box: Box) -> None:
        if box.name in _TELLING:
            self._free(box)
        elif box.name in _TIMED:
            (version,) = self._read((box.start, box.start + 1))
            length = 16 if version == 1 else 8  # when it was made and changed
            self._fill((box.start + 4, min(box.start + 4 + length, box.end)))

    def _kinds(self, track: Box) -> Iterator[bytes]:
        for handler in self._within(track, b"mdia", b"hdlr"):
            yield self._read((handler.start + 8, handler.start + 12))

    def _samples(self, track: Box) -> Iterator[Part]:
        """Give where the samples of a track are."""
        for table in self._within(track, b"mdia", b"minf", b"stbl"):
            found = {box.name: self._read(box.content) for box in boxes(self._file, table.content)}
            yield from chunks(found, self._size)

    def _picture(self, meta: Box) -> None:
        inside = {box.name: box for box in boxes(self._file, (meta.start + 4, meta.end))}
        for box in inside.values():
            if box.name not in _DESCRIBED:
                self._free(box)
        for properties in self._within(inside.get(b"iprp"), b"ipco"):
            for box in boxes(self._file, properties.content):
                if box.name in _TELLING_PROPERTIES:
                    self._free(box)
        if b"iinf" not in inside or b"iloc" not in inside:
            return
        infos, places = (self._read(inside[name].content) for name in (b"iinf", b"iloc"))
        held = inside[b"idat"].content if b"idat" in inside else None
        for item in telling_items(infos, places, (0, self._size), held):
            self._forget(item)

    def _forget(self, item: Item) -> None:
        for start, end in item.parts:
            self._fill((start, end), b" " if item.kind == b"mime" else b"\0")
        if item.kind == b"Exif" and len(item.parts) == 1:
            start, end = item.parts[0]
            if end - start >= len(_NO_EXIF):
                self._file.seek(start)
                self._file.write(_NO_EXIF)

    def _within(self, box: Box | None, *names: bytes) -> Iterator[Box]:
        if box is None or not names:
            yield from () if box is None else (box,)
            return
        for inner in boxes(self._file, box.content):
            if inner.name == names[0]:
                yield from self._within(inner, *names[1:])

    def _free(self, box: Box) -> None:
        self._file.seek(box.at + 4)
        self._file.write(b"free")
        self._fill(box.content)

    def _fill(self, part: Part, sign: bytes = b"\0") -> None:
        start, end = part
        self._left -= max(end - start, 0)
        if self._left < 0:
            raise BrokenBox("It lists more than it has.")
        self._file.seek(start)
        for at in range(start, end, _CHUNK):
            self._file.write(sign * min(_CHUNK, end - at))

    def _read(self, part: Part) -> bytes:
        self._file.seek(part[0])
        return self._file.read(part[1] - part[0])
