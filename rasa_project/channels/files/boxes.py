"""The boxes that films, phones' sound and HEIF pictures are made of (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

MOST: Final = 4_096  # boxes that are looked at in one box

Part = tuple[int, int]  # where some content begins and ends


class BrokenBox(Exception):
    """A box is shorter than its own head, or there are more than anybody needs."""


@dataclass(frozen=True)
class Box:
    """Where a box is, in bytes from the file's beginning.

    Attributes:
        name: Four letters.
        at: Its head; the name stands four bytes behind.
        start: Its content.
        end: Behind its content; the end of what it is in, where it claims to go on.
    """

    name: bytes
    at: int
    start: int
    end: int

    @property
    def content(self) -> Part:
        """Where its content begins and ends."""
        return self.start, self.end


def boxes(file: BinaryIO, within: Part) -> Iterator[Box]:
    """Give the boxes of some content, in order.

    Raises:
        BrokenBox: What stands there are no boxes.
    """
    at, end = within
    for _ in range(MOST):
        if at + 8 > end:
            return
        file.seek(at)
        head = file.read(8)
        size, start = int.from_bytes(head[:4], "big"), at + 8
        if size == 1:  # a longer number follows
            size, start = int.from_bytes(file.read(8), "big"), at + 16
        stop = end if size == 0 else min(at + size, end)
        if stop < start:
            raise BrokenBox(f"The box at byte {at} is shorter than its head.")
        yield Box(head[4:8], at, start, stop)
        at = stop
    raise BrokenBox(f"There are more than {MOST} boxes in one.")
