"""A channel that takes small files, looked at by a real command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# Ends as clamscan does, and takes its time where a file asks for it.
LOOK = """
import sys, time
content = open(sys.argv[1], 'rb').read()
time.sleep(60 * (b'SLOWLY' in content))
sys.exit(3 if b'BROKEN' in content else b'EICAR' in content)
"""


def options(folder: Path, **more: Any) -> dict[str, Any]:
    """Return a section of `credentials.yml` for a channel that keeps everything in a folder."""
    files = {
        "folder": str(folder / "files"), "max_megabytes": 0.2, "day_megabytes": 0.5,
        "scan": {"command": [sys.executable, "-c", LOOK]},
    }  # fmt: skip
    return {
        "store": f"sqlite:///{folder / 'webchat.db'}",
        "desk_token": "a token of the desk's",
        "origins": ["https://shop.example"],
        "limits": {"session_files": [50, 600]},
        "files": {**files, **more},
    }
