"""Puts lines into YAML text and leaves every other character as its author wrote it.

A round trip through a YAML library re-indents lists, folds long lines and changes quotes. So the
library only tells where things stand, and the text is cut there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

_INDENT: Final = 2
# What means the same with and without quotes. A reference to an environment variable is one only
# without them.
_PLAIN: Final = re.compile(r"[A-Za-z_./][\w./@+-]*|[\w./@+:-]*\$\{\w+\}[\w./@+:-]*", re.ASCII)
_NO_TEXT: Final = re.compile(r"y|n|yes|no|on|off|true|false|null|\.(inf|nan)", re.IGNORECASE)


class InsertionError(Exception):
    """The text is laid out so that a line cannot be put in; the message says how."""


def append_item(text: str, section: str, name: str) -> str:
    """Append `- name: NAME` to a top-level list, after what its last item says.

    Args:
        text: YAML, any line endings.
        section: Key of the list; it is there, and may be empty.
        name: Value of the item's `name`.

    Raises:
        InsertionError: The list is written in one line, or the value is no list.
    """
    key, value = _find(text, section)
    if isinstance(value, SequenceNode) and value.value:
        if value.flow_style:
            raise InsertionError(f"`{section}` is written in one line, as [...]")
        dash = value.start_mark.column
        gap = max(value.value[-1].start_mark.column - dash, 2)
        at = _after_comments(text, _line_end(text, _end(value)), dash)
        return _insert(text, at, f"{' ' * dash}-{' ' * (gap - 1)}name: {name}")
    if isinstance(value, SequenceNode):  # [] goes, and with it the space before it
        start, end = value.start_mark.index, value.end_mark.index
        text = text[:start].rstrip(" ") + text[end:]
    elif not _is_null(value):
        raise InsertionError(f"`{section}` is not a list")
    at = _line_end(text, key.end_mark.index)
    return _insert(text, at, f"{' ' * _INDENT}- name: {name}")


def put_list_before(text: str, section: str, name: str, neighbour: str) -> str:
    """Put a new top-level list of one item before another key and the comment that belongs to it.

    Raises:
        InsertionError: The neighbour does not stand at the start of a line.
    """
    key, value = _find(text, neighbour)
    if key.start_mark.column:
        raise InsertionError(f"`{neighbour}` does not stand at the start of a line")
    at = _before_comments(text, key.start_mark.index)
    dash = value.start_mark.column if isinstance(value, SequenceNode) else _INDENT
    lines = [f"{section}:", f"{' ' * dash}- name: {name}"]
    above = text[:at].splitlines()
    if not above or not above[-1].strip():
        lines.append("")  # as airy as what stands above
    ending = _ending(text)
    return text[:at] + "".join(line + ending for line in lines) + text[at:]


def put_mapping_at_end(text: str, section: str, values: Mapping[str, Any]) -> str:
    """Put a new top-level mapping at the end, after an empty line.

    Args:
        text: YAML, any line endings.
        section: Key of the mapping; it is not there.
        values: What it holds: scalars, and mappings that go on one line.
    """
    ending = _ending(text)
    lines = [f"{section}:", *_lines(values)]
    if not text:
        return "".join(line + ending for line in lines)
    if text.endswith("\n"):
        return text + "".join(line + ending for line in ["", *lines])
    return text + "".join(ending + line for line in ["", *lines])


def fill_mapping(text: str, section: str, values: Mapping[str, Any]) -> str:
    """Put keys into a top-level mapping that is there without a value.

    Raises:
        InsertionError: It has a value.
    """
    found, content = _find(text, section)
    if not _is_null(content):
        raise InsertionError(f"`{section}` already has a value")
    lines = _ending(text).join(_lines(values))
    return _insert(text, _line_end(text, found.end_mark.index), lines)


def rename_item(text: str, section: str, index: int, name: str) -> str:
    """Replace the `name` of one item of a top-level list."""
    _, value = _find(text, section)
    for key, old in value.value[index].value:
        if key.value == "name":
            return text[: old.start_mark.index] + name + text[old.end_mark.index :]
    raise InsertionError(f"item {index + 1} of `{section}` has no name")


def _find(text: str, wanted: str) -> tuple[Any, Any]:
    """Find the nodes of a top-level key and its value."""
    root = YAML().compose(text)
    if isinstance(root, MappingNode) and not root.flow_style:
        for key, value in root.value:
            if key.value == wanted:
                return key, value
    raise InsertionError(f"`{wanted}` does not stand in a line of its own")


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [f"{' ' * _INDENT}{key}: {_scalar(value)}" for key, value in values.items()]


def _scalar(value: Any) -> str:
    """Write a value on one line; JSON is YAML."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _NO_TEXT.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_null(node: Any) -> bool:
    return isinstance(node, ScalarNode) and node.tag.endswith(":null") and not node.value


def _end(node: Any) -> int:
    """Find where a node's words end; a block's own mark stands behind the comments after it."""
    if isinstance(node, ScalarNode) or node.flow_style:
        end: int = node.end_mark.index
        return end
    if isinstance(node, MappingNode):
        return max(max(_end(key), _end(value)) for key, value in node.value)
    return max(_end(item) for item in node.value)


def _line_end(text: str, index: int) -> int:
    """Find the end of the line of the last visible character before `index`, its break excluded."""
    index = len(text[:index].rstrip())
    at = text.find("\n", index)
    if at < 0:
        return len(text)
    return at - 1 if text[at - 1] == "\r" else at


def _after_comments(text: str, at: int, column: int) -> int:
    """Pass the comments below a line that are indented deeper than `column`: they belong to it."""
    for line in text[at:].splitlines(keepends=True)[1:]:
        comment = line.lstrip(" ")
        if not comment.startswith("#") or len(line) - len(comment) <= column:
            break
        at = _line_end(text, text.index(line, at) + len(line))
    return at


def _before_comments(text: str, at: int) -> int:
    """Pass the comment lines directly above the line that starts at `at`."""
    for line in reversed(text[:at].splitlines(keepends=True)):
        if not line.startswith("#"):
            break
        at -= len(line)
    return at


def _ending(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _insert(text: str, at: int, line: str) -> str:
    """Insert a line below the one that ends at `at`; a last line without a break keeps to that."""
    return text[:at] + _ending(text) + line + text[at:]
