"""The rules of who may import whom, read from the sources."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Rows of the plugin from the ground up; a lower row never imports a higher one. A folder stands
# for its files that are not named. The lowest needs the standard library alone.
ROWS = [
    {
        "errors",
        "labels",
        "language",
        "digest",
        "artifact",
        "manner",
        "consent",
        "course",
        "trajectory",
        "survey",
        "dissatisfaction",
        "escalation",
        "acknowledgement",
        "reply_rules",
        "wordless",
    },
    {"html_page", "words", "network", "serving.runtime"},
    {"serving", "datasets.jsonl", "datasets.download"},
    {"classifier"},
    {"datasets", "evaluation.metrics", "evaluation.reliability"},
    {
        *("training", "evaluation", "scoring", "explanation", "serving.exporting"),
        "component_settings",
    },
    {"cli"},
    {"__main__"},
    {
        "rasa_errors",
        "rasa_importer",
        "rasa_nlu",
        "rasa_policy",
        "rasa_policy_config",
        "rasa_replies",
        "rasa_turn",
        "rasa_turn_ends",
    },
]


# What desk and channels share.
SHARED = (
    "rasa_project.attachments",
    "rasa_project.database",
    "rasa_project.errors",
    "rasa_project.lanes",
    "rasa_project.static_files",
    "rasa_project.webhooks",
)


def imports_of(path: Path) -> Iterator[str]:
    """Yield the full names of the modules that a file imports, wherever the import stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it goes"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def files_of(folder: str) -> list[Path]:
    files = sorted(p for p in (ROOT / folder).rglob("*.py") if "node_modules" not in p.parts)
    assert files, f"{folder} holds no Python"
    return files


def row_of(module: str) -> int | None:
    """The row of `network.model` or of its folder; `None` for a package's own file."""
    names = [".".join(module.split(".")[:2]), module.split(".")[0]]
    return next((at for name in names for at, row in enumerate(ROWS) if name in row), None)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "emotion_component").with_suffix("").parts)


def test_each_file_of_the_plugin_has_a_row() -> None:
    files = files_of("emotion_component")
    assert [
        path for path in files if path.stem != "__init__" and row_of(module_of(path)) is None
    ] == []


def test_a_lower_row_never_imports_a_higher_one() -> None:
    wrong = [
        f"{module_of(path)} imports {name}"
        for path in files_of("emotion_component")
        if (row := row_of(module_of(path))) is not None
        for name in imports_of(path)
        if name.startswith("emotion_component.")
        if (row_of(name.removeprefix("emotion_component.")) or 0) > row
    ]
    assert wrong == []


def test_only_the_adapters_import_rasa() -> None:
    importing = {
        path.stem
        for path in files_of("emotion_component")
        for name in imports_of(path)
        if name.split(".")[0] in {"rasa", "rasa_sdk"}
    }
    assert importing == ROWS[-1]


def test_the_ground_floor_needs_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"emotion_component"}
    wrong = [
        f"{module_of(path)} imports {imported}"
        for path in files_of("emotion_component")
        if row_of(module_of(path)) == 0
        for imported in imports_of(path)
        if imported.split(".")[0] not in allowed
    ]
    assert wrong == []


def test_actions_take_only_labels_and_errors_from_the_plugin() -> None:
    allowed = ("emotion_component.labels", "emotion_component.errors")
    wrong = [
        f"{path.name} imports {name}"
        for path in files_of("actions")
        for name in imports_of(path)
        if name.split(".")[0] in {"rasa", "tensorflow", "tensorflow_text", "rasa_project"}
        or (name.startswith("emotion_component") and not name.startswith(allowed))
        if name != "emotion_component"
    ]
    assert wrong == []


def test_the_desk_imports_no_other_package_of_ours() -> None:
    allowed = ("rasa_project.desk", *SHARED)
    wrong = [
        f"{path.name} imports {name}"
        for path in files_of("rasa_project/desk")
        for name in imports_of(path)
        if name.split(".")[0] in {"rasa", "rasa_sdk", "actions", "emotion_component"}
        or (name.startswith("rasa_project.") and not name.startswith(allowed))
    ]
    assert wrong == []


def test_the_channels_import_nothing_of_the_desk() -> None:
    wrong = [
        f"{path.name} imports {name}"
        for path in files_of("rasa_project/channels")
        for name in imports_of(path)
        if name.startswith("rasa_project.desk")
    ]
    assert wrong == []


def test_what_desk_and_channels_share_imports_neither() -> None:
    wrong = [
        f"{path.name} imports {name}"
        for path in files_of("rasa_project")
        if ".".join(path.relative_to(ROOT).with_suffix("").parts).startswith(SHARED)
        for name in imports_of(path)
        if name.startswith("rasa_project.") and not name.startswith(SHARED)
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["emotion_component.labels", "actions", "rasa_project.desk"])
def test_importing_loads_no_tensorflow(package: str) -> None:
    code = f"import sys, {package}; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
