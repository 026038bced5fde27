"""Reading the replies of a Rasa project, with the line that each text stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emotion_component.reply_rules.reply import Reply, Said, Variation
from rasa_project.guest import yaml_file
from rasa_project.guest.yaml_file import ProjectError

# Keys of a custom payload under which channels show text; titles of cards are the bot's words.
_SHOWN: Final = frozenset(
    {"body", "caption", "content", "description", "message", "subtitle", "text", "title"}
)
# Below these the words are the customer's.
_BUTTONS: Final = frozenset({"actions", "buttons", "elements_buttons", "quick_replies"})
_HAS_REPLIES: Final = re.compile(r"^[\"']?responses[\"']?\s*:", re.MULTILINE)
_ALLOW: Final = re.compile(r"#\s*attune:\s*allow\s+(?P<codes>[\w-]+(?:\s*,\s*[\w-]+)*)")
_REMARK: Final = re.compile(r"^\s*(?:#|$)")


@dataclass(frozen=True)
class RepliesFile:
    """The replies of one file.

    Attributes:
        path: The file.
        replies: In their order in the file.
        allowed: Line, counted from 1, to the codes that a remark allows there.
    """

    path: Path
    replies: tuple[Reply, ...]
    allowed: Mapping[int, frozenset[str]]


def read(path: Path) -> tuple[RepliesFile, ...]:
    """Read the replies of a file, of a folder of domain files, or of a whole project.

    Args:
        path: A YAML file with `responses:`; a folder of such files; or a folder with a config.yml,
            of which domain.yml or the folder domain/, and the folder data/, are read.

    Returns:
        The files that hold replies, at least one, in the order of their names.

    Raises:
        ProjectError: If nothing is there, a file cannot be read, or its replies are not in the
            form that Rasa 3 asks for.
    """
    files = tuple(_read_file(each) for each in _files(path))
    if not any(file.replies for file in files):
        raise ProjectError(
            f"{path} holds no replies. They stand under `responses:` in a domain file; name the "
            "file, the folder of domain files, or the project's folder."
        )
    return files


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ProjectError(
            f"No file or folder at {path}. Name a domain file or a project's folder."
        )
    if not (path / "config.yml").is_file():
        return _below(path)
    domain = path / "domain.yml"
    first = [domain] if domain.is_file() else _below(path / "domain")
    # Rasa takes replies from training data too: answers of retrieval intents often stand there.
    return [*first, *_below(path / "data")]


def _below(folder: Path) -> list[Path]:
    """Find the YAML files with replies in a folder, none where there is no folder."""
    found = sorted(each for each in folder.rglob("*.y*ml") if each.suffix in {".yml", ".yaml"})
    return [
        each
        for each in found
        if each.is_file()
        and not any(part.startswith(".") for part in each.relative_to(folder).parts)
        and _HAS_REPLIES.search(yaml_file.read_text(each))
    ]


def _read_file(path: Path) -> RepliesFile:
    text = yaml_file.read_text(path)
    content = yaml_file.parse(text, path)
    if not isinstance(content, dict):
        raise ProjectError(f"{path} must be a mapping with the key `responses`.")
    responses = content.get("responses") or {}
    if not isinstance(responses, dict):
        raise _wrong(path, _line(content, "responses"), "`responses` must map names to lists")
    replies = tuple(_reply(path, responses, name) for name in responses)
    return RepliesFile(path, replies, _allowed(text))


def _reply(path: Path, responses: Any, name: Any) -> Reply:
    line = _line(responses, name)
    variations = responses[name]
    if not isinstance(variations, list) or not all(isinstance(each, dict) for each in variations):
        raise _wrong(path, line, f"`{name}` must be a list of variations, each with `text:`")
    return Reply(
        str(name),
        line,
        tuple(
            _variation(path, each, _item_line(variations, place))
            for place, each in enumerate(variations)
        ),
    )


def _variation(path: Path, written: Any, line: int) -> Variation:
    says = [Said(str(written["text"]), _line(written, "text"))] if written.get("text") else []
    if written.get("custom"):
        says += _shown(written["custom"], _line(written, "custom"))
    channel = written.get("channel")
    return Variation(
        line,
        tuple(says),
        tuple(_titles(written.get("buttons") or [])),
        tuple(_conditions(path, written.get("condition") or [], line)),
        None if channel is None else str(channel),
    )


def _conditions(path: Path, written: Any, line: int) -> Iterator[tuple[str, str]]:
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        raise _wrong(path, line, "`condition` must be a list of slots with name and value")
    for each in written:
        yield str(each.get("name")), str(each.get("value"))


def _titles(buttons: Any) -> Iterator[str]:
    for button in buttons if isinstance(buttons, list) else []:
        yield str(button.get("title", "")) if isinstance(button, dict) else str(button)


def _shown(payload: Any, line: int) -> Iterator[Said]:
    """Find the bot's own texts in a custom payload, however deep."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            at = _line(payload, key, line)
            if key in _SHOWN and isinstance(value, str):
                yield Said(str(value), at)
            elif key not in _BUTTONS:
                yield from _shown(value, at)
    elif isinstance(payload, list):
        for value in payload:
            yield from _shown(value, line)


def _line(mapping: Any, key: Any, otherwise: int = 1) -> int:
    """The line of a key, counted from 1; a key that came in by `<<` has none of its own."""
    try:
        return int(mapping.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return otherwise


def _item_line(sequence: Any, place: int) -> int:
    return int(sequence.lc.item(place)[0]) + 1


def _wrong(path: Path, line: int, problem: str) -> ProjectError:
    return ProjectError(f"{path}:{line}: {problem}, as Rasa 3 asks for. Put it right there.")


def _allowed(text: str) -> dict[int, frozenset[str]]:
    """Find `# attune: allow CODE` remarks: for their own line, or alone in one for the next."""
    lines = text.splitlines()
    allowed: dict[int, frozenset[str]] = {}
    for number, line in enumerate(lines, 1):
        remark = _ALLOW.search(line)
        if remark is None:
            continue
        at = number
        while at <= len(lines) and _REMARK.match(lines[at - 1]):
            at += 1
        codes = frozenset(re.split(r"\s*,\s*", remark["codes"]))
        allowed[at] = allowed.get(at, frozenset()) | codes
    return allowed
