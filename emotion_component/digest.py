"""What a file's content hashes to."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20  # bytes; a table of gigabytes is never in memory whole


def sha256(path: Path) -> str:
    """Hash a file with SHA-256, in hexadecimal.

    Raises:
        OSError: If it cannot be read.
    """
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
