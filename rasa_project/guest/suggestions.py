"""The lists that Rasa wrote into config.yml as comments, written out.

While `pipeline` or `policies` is empty Rasa picks its own defaults and writes them below the key as
comments. With the first line in the list it picks nothing any more, so they must be there in fact.
"""

from __future__ import annotations

import re
from typing import Final

# "#   - name: DIETClassifier", "#     epochs: 100"
_MARK: Final = re.compile(r"# (?= {2,}(?:- )?\w+:)")
# "# # No configuration for the NLU pipeline was provided. ..."
_REMARK: Final = re.compile(r"# # ")


def write_out(text: str, section: str) -> str:
    """Take the `# ` from the items below an empty list, and Rasa's remarks on it away.

    Args:
        text: A config.yml, any line endings.
        section: Key of the list.

    Returns:
        The text; as it was where no items stand there as comments.
    """
    lines = text.splitlines(keepends=True)
    key = next((at for at, line in enumerate(lines) if line.rstrip() == f"{section}:"), None)
    if key is None:
        return text
    end = key + 1
    while end < len(lines) and lines[end].startswith("#"):
        end += 1
    below = lines[key + 1 : end]
    if not any(map(_MARK.match, below)):
        return text
    kept = [_MARK.sub("", line, count=1) for line in below if not _REMARK.match(line)]
    return "".join([*lines[: key + 1], *kept, *lines[end:]])
