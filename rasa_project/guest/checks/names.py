"""Names of Attune's that the author's own domain uses too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rasa_project.guest.findings import Finding, Place
from rasa_project.guest.project import (
    COMPONENT,
    IMPORTER,
    POLICY,
    Project,
    package_domain,
    package_names,
)

_MEMOIZATIONS: Final = ("MemoizationPolicy", "AugmentedMemoizationPolicy")


def check(project: Project) -> Iterator[Finding]:
    """Check slots, replies and entities; Attune has no custom actions."""
    parts = (("importers", IMPORTER), ("pipeline", COMPONENT), ("policies", POLICY))
    if not any(project.find(*part) for part in parts):
        return
    ours = package_domain()
    for section in ("slots", "responses"):
        theirs = project.named(section)
        for name in ours[section]:
            if name in theirs:
                value, at = theirs[name]
                yield _kept(section, name, value, at)
    yield from _shared_entities(project, package_names("entities"))
    yield from _featurized(project, list(ours["slots"]))


def _kept(section: str, name: str, value: Any, at: Place) -> Finding:
    if section == "responses":
        what = f"Your domain has a reply `{name}` of its own; it is said instead of Attune's."
        return Finding("note", "name-kept", what, "Nothing, if you like it so.", at)
    kinds = {"emotion", "emotion_intensity", "emotion_trend", "language"}
    if name in kinds and not _is_filled(value, name):
        return Finding(
            "warning",
            "slot-unfilled",
            f"Your domain has a slot `{name}` of its own, which stays yours, and no mapping brings "
            "Attune's value into it: replies and conditions that ask for it see yours.",
            f"Add the mapping `type: from_entity`, `entity: {name}`, or give your slot another "
            "name.",
            at,
        )
    return Finding(
        "note",
        "name-kept",
        f"Your domain has a slot `{name}` of its own; its type and mappings stay yours.",
        "Nothing, if it means the same. Else give your slot another name.",
        at,
    )


def _is_filled(slot: Any, entity: str) -> bool:
    mappings = slot.get("mappings") if isinstance(slot, Mapping) else None
    return any(
        isinstance(mapping, Mapping)
        and mapping.get("type") == "from_entity"
        and mapping.get("entity") == entity
        for mapping in mappings or []
    )


def _shared_entities(project: Project, ours: list[str]) -> Iterator[Finding]:
    theirs = project.named("entities")
    for name in ours:
        if name in theirs and name not in project.named("slots"):
            yield Finding(
                "note",
                "entity-shared",
                f"Your domain has an entity `{name}` of its own: what your extractors find for it "
                f"goes into Attune's slot `{name}` too.",
                "Nothing, if it means the same. Else give your entity another name.",
                theirs[name][1],
            )


def _featurized(project: Project, ours: list[str]) -> Iterator[Finding]:
    """Find slots and entities of emotion that memoization would have to recall."""
    policy = next(filter(None, (project.find("policies", name) for name in _MEMOIZATIONS)), None)
    if policy is None:
        return
    slots, entities = project.named("slots"), project.named("entities")
    for kind, named in (("slot", slots), ("entity", entities)):
        for name in ours:
            value, at = named.get(name, (None, Place()))
            if name not in named or _is_silent(value, kind):
                continue
            yield Finding(
                "warning",
                f"{kind}-featurized",
                f"The {kind} `{name}` influences the conversation, and {policy.name} recalls whole "
                "states: a story that does not mention its value is no longer recalled.",
                f"Set `influence_conversation: false` on the {kind} `{name}`.",
                at,
            )


def _is_silent(value: Any, kind: str) -> bool:
    if not isinstance(value, Mapping):
        return False
    kept_out = kind == "slot" and value.get("type") == "any"
    return kept_out or value.get("influence_conversation") is False
