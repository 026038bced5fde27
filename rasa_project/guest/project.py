"""Finds and reads the files of somebody's Rasa project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import emotion_component
from rasa_project.guest import yaml_file
from rasa_project.guest.findings import Place
from rasa_project.guest.yaml_file import ProjectError, YamlFile

# The lines that bring Attune into a project.
IMPORTER: Final = "emotion_component.rasa_importer.EmotionImporter"
COMPONENT: Final = "emotion_component.EmotionClassifier"
POLICY: Final = "emotion_component.rasa_policy.EscalationPolicy"
REPLIES: Final = "emotion_component.rasa_replies.EmpathicReplies"
WEBCHAT: Final = "rasa_project.channels.webchat.WebChatInput"
RASA_IMPORTER: Final = "RasaFileImporter"

# Folders that hold other people's code, or nothing that the bot runs.
_NOT_THEIRS: Final = {
    "node_modules",
    "models",
    "site-packages",
    "__pycache__",
    "results",
    "build",
    "tests",
}
# Minutes; Rasa's own where the domain says nothing.
_DEFAULT_EXPIRATION: Final = 60


@dataclass(frozen=True)
class Entry:
    """One item of `pipeline`, `policies` or `importers`.

    Attributes:
        name: Its `name`.
        settings: The item as it stands.
        at: Where it stands.
    """

    name: str
    settings: Mapping[str, Any]
    at: Place

    def is_a(self, wanted: str) -> bool:
        """Tell whether it is a class by its own name, wherever it is imported from."""
        return self.name.rpartition(".")[2] == wanted.rpartition(".")[2]


@dataclass(frozen=True)
class Project:
    """A Rasa project that was read; one without the optional files has `None` in their place."""

    folder: Path
    config: YamlFile
    endpoints: YamlFile | None
    credentials: YamlFile | None
    domains: tuple[YamlFile, ...]

    def listed(self, section: str) -> list[Entry]:
        """Give the items of `pipeline`, `policies` or `importers`, in order."""
        return [
            Entry(str(item.get("name")), item, self.config.at(section, index))
            for index, item in enumerate(self.config.entries(section))
            if isinstance(item, Mapping)
        ]

    def find(self, section: str, wanted: str) -> Entry | None:
        """Find an item by its class, `None` where it is not there."""
        return next((each for each in self.listed(section) if each.is_a(wanted)), None)

    @property
    def hands_over(self) -> bool:
        """Whether conversations can go to a human by Attune's policy."""
        return self.find("policies", POLICY) is not None

    @property
    def replies(self) -> Mapping[str, Any]:
        """The `nlg` section of endpoints.yml."""
        return self.endpoints.section("nlg") if self.endpoints else {}

    @property
    def has_our_replies(self) -> bool:
        """Whether Attune's reply generator is the one in use."""
        return Entry(str(self.replies.get("type")), self.replies, Place()).is_a(REPLIES)

    def named(self, section: str) -> dict[str, tuple[Any, Place]]:
        """Give the names in a section of the author's domain, with what they hold and where."""
        found: dict[str, tuple[Any, Place]] = {}
        for file in self.domains:
            for name, value in file.section(section).items():
                found[str(name)] = (value, file.at(section, name))
            for index, item in enumerate(file.entries(section)):
                name, value = item, None
                if isinstance(item, Mapping) and item:
                    name, value = next(iter(item.items()))
                found[str(name)] = (value, file.at(section, index))
        return found

    @property
    def session_minutes(self) -> float:
        """Minutes of silence after which Rasa starts a new session; 0 for never."""
        for file in self.domains:
            minutes = file.section("session_config").get("session_expiration_time")
            if isinstance(minutes, (int, float)):
                return float(minutes)
        return _DEFAULT_EXPIRATION

    @cached_property
    def python_files(self) -> list[tuple[str, str]]:
        """Name and text of the author's own Python files."""
        return [
            (path.relative_to(self.folder).as_posix(), path.read_text("utf-8", "replace"))
            for path in sorted(_walk(self.folder))
            if path.suffix == ".py"
        ]

    @cached_property
    def nlu(self) -> list[Mapping[str, Any]]:
        """The items under `nlu` in the training data below `data`.

        Raises:
            ProjectError: A file does not parse.
        """
        items: list[Mapping[str, Any]] = []
        for path in sorted(_walk(self.folder / "data")):
            if path.suffix not in {".yml", ".yaml"}:
                continue
            content = yaml_file.parse(yaml_file.read_text(path), path, "safe")
            listed = content.get("nlu") if isinstance(content, Mapping) else None
            items += [each for each in listed or [] if isinstance(each, Mapping)]
        return items


def read(folder: Path) -> Project:
    """Read a project.

    Raises:
        ProjectError: There is no config.yml, or a file cannot be read.
    """
    folder = folder.absolute()
    config = folder / "config.yml"
    if not config.is_file():
        raise ProjectError(
            f"{folder} has no config.yml, so it is no Rasa project. "
            "Name the folder that `rasa train` is started from."
        )
    return Project(
        folder,
        yaml_file.read(config, folder),
        _optional(folder, "endpoints.yml"),
        _optional(folder, "credentials.yml"),
        tuple(yaml_file.read(path, folder) for path in _domain_files(folder)),
    )


def package_domain() -> dict[str, Any]:
    """Read what Attune's importer adds to a domain."""
    path = Path(emotion_component.__file__).parent / "domain.yml"
    content: dict[str, Any] = yaml_file.parse(yaml_file.read_text(path), path, "safe")
    return content


def package_names(section: str) -> list[str]:
    """Give the names of a section of Attune's own domain."""
    return [
        str(next(iter(entry)) if isinstance(entry, Mapping) else entry)
        for entry in package_domain().get(section, [])
    ]


def _optional(folder: Path, name: str) -> YamlFile | None:
    path = folder / name
    if path.is_dir():
        raise ProjectError(f"{path} is a folder, where Rasa expects a file.")
    return yaml_file.read(path, folder) if path.exists() else None


def _domain_files(folder: Path) -> list[Path]:
    """Find the domain as Rasa does: one file, or every YAML file of the folder `domain`."""
    for name in ("domain.yml", "domain.yaml"):
        if (folder / name).is_file():
            return [folder / name]
    found = (folder / "domain").rglob("*")
    return sorted(path for path in found if path.suffix in {".yml", ".yaml"} and path.is_file())


def _walk(folder: Path) -> Iterator[Path]:
    """Go through the author's files; environments and hidden folders are nobody's own text."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in _NOT_THEIRS:
            continue
        if path.is_dir() and not path.is_symlink() and not (path / "pyvenv.cfg").exists():
            yield from _walk(path)
        elif path.is_file():
            yield path
