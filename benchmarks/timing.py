"""How one text after the other is timed, on our side and on the peers' alike. Standard library."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def milliseconds(read: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Time one call for each text.

    The first text is read once more beforehand, untimed: whoever had the core before has filled
    its caches with other things.

    Args:
        read: Reads one text.
        texts: At least one.

    Returns:
        Milliseconds of each call, in order.
    """
    read(texts[0])
    spans = []
    for text in texts:
        began = time.perf_counter()
        read(text)
        spans.append(1000 * (time.perf_counter() - began))
    return spans
