"""Works out how Attune's lines come into somebody's config.yml and endpoints.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from rasa_project.guest import insertion, suggestions, yaml_file
from rasa_project.guest.editing import Change, edited
from rasa_project.guest.project import (
    COMPONENT,
    IMPORTER,
    POLICY,
    RASA_IMPORTER,
    REPLIES,
    Project,
)
from rasa_project.guest.yaml_file import ProjectError

_RECIPE: Final = "default.v1"


@dataclass(frozen=True)
class Plan:
    """What is to be changed, and what the author should know about it."""

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(project: Project) -> Plan:
    """Work out the lines that are missing.

    Raises:
        ProjectError: They cannot be added without changing what the bot is, or what its author
            wrote; the message says what to do first.
    """
    made = Plan()
    theirs = project.config.text
    project = _written_out(project, made.notes)
    _require_lists(project)
    config = Change(project.config.path, theirs, _config(project, made.notes))
    for change in (config, _endpoints(project, made.notes)):
        if change.before != change.after:
            made.changes.append(change)
    return made


def _written_out(project: Project, notes: list[str]) -> Project:
    """Write out the lists that are empty and that Rasa filled in as comments."""
    file = project.config
    text = file.text
    for section in ("pipeline", "policies"):
        written = text if file.content.get(section) else suggestions.write_out(text, section)
        if written != text:
            notes.append(
                f"Rasa's own `{section}`, which stood in config.yml as comments, is written out: "
                "with a line of Attune's in the list Rasa would fill in nothing any more."
            )
            text = written
    return replace(project, config=yaml_file.of_text(text, file.path, project.folder))


def _require_lists(project: Project) -> None:
    """Hold that pipeline and policies are written out."""
    content = project.config.content
    recipe = content.get("recipe", _RECIPE)
    if recipe != _RECIPE:
        raise ProjectError(
            f"`recipe` in {project.config.path} must be {_RECIPE}, which has a pipeline to add to. "
            f"Received: recipe={recipe}. Add the nodes of Attune to your graph by hand."
        )
    empty = [key for key in ("pipeline", "policies") if not content.get(key)]
    if empty:
        names = " and ".join(f"`{key}`" for key in empty)
        raise ProjectError(
            f"{names} in {project.config.path} must be written out first. While a list is empty "
            "Rasa picks its own defaults, and with the first line in it Rasa picks nothing any "
            "more: your bot would lose what it has. Take away the `# ` before the lines that Rasa "
            "wrote as comments below the key. Where there are none, write the key with nothing "
            "behind it (`pipeline:`) and run `rasa train` once: it writes them. Then run this "
            "again."
        )
    for key in ("pipeline", "policies"):
        if not isinstance(content[key], list):
            raise ProjectError(
                f"`{key}` in {project.config.path} must be a list of `- name: ...` lines. "
                f"Received: a {type(content[key]).__name__}."
            )


def _config(project: Project, notes: list[str]) -> str:
    file = project.config
    text = _importers(project, file.text, notes)
    for section, name in (("pipeline", COMPONENT), ("policies", POLICY)):
        if project.find(section, name) is None:
            text = _added(file.path, text, section, name)
    return text


def _importers(project: Project, text: str, notes: list[str]) -> str:
    """Add the importer. Rasa's own is the default only where none is named, and ours extends it."""
    if project.find("importers", IMPORTER):
        return text
    path, listed = project.config.path, project.listed("importers")
    if "importers" not in project.config.content:
        return edited(
            path,
            text,
            lambda old: insertion.put_list_before(old, "importers", IMPORTER, "pipeline"),
            lambda content: content.update(importers=[{"name": IMPORTER}]),
            IMPORTER,
        )
    of_rasa = [index for index, entry in enumerate(listed) if entry.is_a(RASA_IMPORTER)]
    if of_rasa:
        notes.append(
            "EmotionImporter takes the place of RasaFileImporter: it is that importer, with "
            "Attune's slots and replies. Both together would read every file twice."
        )
        return edited(
            path,
            text,
            lambda old: insertion.rename_item(old, "importers", of_rasa[0], IMPORTER),
            lambda content: content["importers"][of_rasa[0]].update(name=IMPORTER),
            IMPORTER,
        )
    if listed:
        notes.append(
            f"Your importer {', '.join(entry.name for entry in listed)} stays. EmotionImporter "
            "beside it reads domain.yml and data/ as Rasa's default importer does; if yours is "
            "there to keep those out, copy the slots from emotion_component/domain.yml into your "
            "domain instead and take the line out again."
        )
    return _added(path, text, "importers", IMPORTER)


def _endpoints(project: Project, notes: list[str]) -> Change:
    path = project.folder / "endpoints.yml"
    file = project.endpoints
    if file is None:
        ending = "\r\n" if "\r\n" in project.config.text else "\n"
        fresh = insertion.put_mapping_at_end("", "nlg", {"type": REPLIES})
        return Change(path, None, fresh.replace("\n", ending))
    theirs = file.content.get("nlg")
    if theirs is not None:
        if not project.has_our_replies:
            kind = (
                theirs.get("type") or theirs.get("url") if isinstance(theirs, Mapping) else theirs
            )
            notes.append(
                f"endpoints.yml already has `nlg:` ({kind}), which stays. Replies will not follow "
                f"the customer's language and emotion until its `type` is {REPLIES}."
            )
        return Change(path, file.text, file.text)
    put = insertion.fill_mapping if "nlg" in file.content else insertion.put_mapping_at_end
    after = edited(
        path,
        file.text,
        lambda old: put(old, "nlg", {"type": REPLIES}),
        lambda content: content.update(nlg={"type": REPLIES}),
        REPLIES,
    )
    return Change(path, file.text, after)


def _added(path: Path, text: str, section: str, name: str) -> str:
    """Append an item to a list of config.yml."""
    return edited(
        path,
        text,
        lambda old: insertion.append_item(old, section, name),
        lambda content: content.update({section: [*(content[section] or []), {"name": name}]}),
        name,
    )
