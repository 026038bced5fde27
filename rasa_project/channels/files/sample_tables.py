"""Where the samples of a film's track are (ISO/IEC 14496-12, 8.7)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise

from rasa_project.channels.files.boxes import BrokenBox, Part


def chunks(table: Mapping[bytes, bytes], size: int) -> Iterator[Part]:
    """Give where the chunks of samples are.

    Args:
        table: Contents of the boxes within `stbl`, by their names.
        size: Of the file, bytes.

    Raises:
        BrokenBox: It is not told, or they are longer than the file.
        struct.error: A list ends before its end.
    """
    starts = _starts(table)
    ends = _ends(table, size)
    at = before = 0
    for start, count in zip(starts, _counts(table, len(starts)), strict=False):
        at = min(at + count, len(ends))
        after = ends[at - 1] if at else 0
        yield start, min(start + after - before, size)
        before = after


def _counts(table: Mapping[bytes, bytes], chunk_count: int) -> Iterator[int]:
    """Give how many samples each chunk has, which is told for runs of chunks."""
    listed = table.get(b"stsc", b"")[8:]
    runs = [*struct.iter_unpack(">III", listed[: len(listed) // 12 * 12]), (chunk_count + 1, 0, 0)]
    for (first, count, _), (following, *_) in pairwise(runs):
        for _ in range(first, min(following, chunk_count + 1)):
            yield count


def _ends(table: Mapping[bytes, bytes], size: int) -> list[int]:
    """Return where each sample ends, in bytes from the first one's beginning."""
    told = table.get(b"stsz")
    if told is None:
        raise BrokenBox("A track does not tell how long its samples are.")
    each, count = struct.unpack_from(">II", told, 4)
    if max(each, 1) * count > size:
        raise BrokenBox("The samples of a track are longer than the file.")
    if each:
        return [each * number for number in range(1, count + 1)]
    listed = told[12 : 12 + 4 * count]
    return list(accumulate(length for (length,) in struct.iter_unpack(">I", listed)))


def _starts(table: Mapping[bytes, bytes]) -> list[int]:
    for name, form, width in ((b"stco", ">I", 4), (b"co64", ">Q", 8)):
        if name in table:
            (count,) = struct.unpack_from(">I", table[name], 4)
            listed = table[name][8 : 8 + width * count]
            return [at for (at,) in struct.iter_unpack(form, listed)]
    raise BrokenBox("A track does not tell where its samples are.")
