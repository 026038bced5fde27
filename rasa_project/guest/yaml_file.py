"""One YAML file of somebody's project, with the line on which each thing stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from emotion_component.errors import EmotionError
from rasa_project.guest.findings import Place

_BYTE_ORDER_MARK = "\ufeff"


class ProjectError(EmotionError):
    """A project cannot be read or changed; the message says what is wrong and where."""


@dataclass(frozen=True)
class YamlFile:
    """A YAML file as its author wrote it.

    Attributes:
        path: The file.
        name: Its path relative to the project's folder.
        text: The whole text, line endings untouched.
        content: What it holds, `{}` for an empty file; keeps the positions of keys and items.
    """

    path: Path
    name: str
    text: str
    content: Any

    def at(self, *keys: str | int) -> Place:
        """Find the line of a key or an item, or of the nearest thing around it."""
        node, line = self.content, None
        for key in keys:
            try:
                position = node.lc.key(key) if isinstance(key, str) else node.lc.item(key)
                line = position[0] + 1
                node = node[key]
            except (AttributeError, KeyError, IndexError, TypeError):
                break  # nothing is known of what stands deeper
        return Place(self.name, line)

    def section(self, key: str) -> dict[str, Any]:
        """Give a top-level mapping, `{}` where there is none."""
        value = self.content.get(key)
        return value if isinstance(value, dict) else {}

    def entries(self, key: str) -> list[Any]:
        """Give a top-level list, `[]` where there is none."""
        value = self.content.get(key)
        return value if isinstance(value, list) else []


def read(path: Path, folder: Path) -> YamlFile:
    """Read a YAML file whose top level is a mapping.

    Args:
        path: The file.
        folder: The project's folder, which `name` is relative to.

    Raises:
        ProjectError: It cannot be read or is not such YAML; the message names file and line.
    """
    return of_text(read_text(path), path, folder)


def of_text(text: str, path: Path, folder: Path) -> YamlFile:
    """Take text for that of a file; see `read`.

    Raises:
        ProjectError: It is not such YAML.
    """
    content = parse(text, path)
    if content is None:
        content = {}
    if not isinstance(content, Mapping):
        raise ProjectError(
            f"{path} must hold `key: value` lines at its top level. "
            f"Received: a {type(content).__name__}."
        )
    return YamlFile(path, path.relative_to(folder).as_posix(), text, content)


def read_text(path: Path) -> str:
    """Read a text file without touching its line endings.

    Raises:
        ProjectError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProjectError(
            f"{path}, line {line}: this is not UTF-8 text. Save the file as UTF-8."
        ) from error


def parse(text: str, path: Path, kind: str = "rt") -> Any:
    """Parse YAML.

    Args:
        text: The YAML.
        path: Where it comes from, for the message.
        kind: ruamel's type: `rt` keeps positions, `safe` is faster.

    Raises:
        ProjectError: It does not parse; the message names file and line.
    """
    try:
        return _loader(kind).load(text.removeprefix(_BYTE_ORDER_MARK))
    except YAMLError as error:
        raise _unparsed(path, error) from error
    except ValueError as error:  # a date that no calendar has, for one
        raise ProjectError(f"{path} is not YAML that can be read: {error}.") from error


class _Constructor(SafeConstructor):
    """Leaves `${NAME}` as it stands; once Rasa is loaded, others replace it."""


_Constructor.add_constructor("!env_var", SafeConstructor.construct_scalar)


def _loader(kind: str) -> YAML:
    loader = YAML(typ=kind)
    if kind == "safe":
        loader.Constructor = _Constructor
    return loader


def _unparsed(path: Path, error: YAMLError) -> ProjectError:
    if not isinstance(error, MarkedYAMLError):
        return ProjectError(f"{path} is not YAML that can be read: {error}.")
    mark = error.problem_mark or error.context_mark
    where = f"{path}, line {mark.line + 1}" if mark else str(path)
    # ruamel goes on with advice on its own Python interface.
    problem = str(error.problem or error.context or "it cannot be parsed").splitlines()[0]
    return ProjectError(f"{where}: this is not YAML that can be read: {problem}. Correct it there.")
