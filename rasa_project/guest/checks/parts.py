"""Whether all of Attune's parts are there, and nothing undoes what they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from emotion_component.labels import SERVICE_LABELS
from rasa_project.guest.findings import Finding
from rasa_project.guest.project import (
    COMPONENT,
    IMPORTER,
    POLICY,
    RASA_IMPORTER,
    REPLIES,
    Project,
    package_names,
)

_ADD: Final = "`attune add` puts it there."
# The values of the entities through which the slots are filled.
_VALUES: Final = frozenset({*SERVICE_LABELS, "en", "zh"})


def check(project: Project) -> Iterator[Finding]:
    """Check the three lines of config.yml and the one of endpoints.yml."""
    used = [
        project.find("importers", IMPORTER) is not None,
        project.find("pipeline", COMPONENT) is not None,
        project.find("policies", POLICY) is not None,
        project.has_our_replies,
    ]
    if not any(used):
        yield Finding(
            "error",
            "attune-absent",
            "Nothing of Attune is in this project: no importer, component, policy or replies.",
            f"Run `attune add {project.folder}`.",
            project.config.at(),
        )
        return
    yield from _importer(project)
    yield from _component(project)
    yield from _policy(project)
    yield from _replies(project)
    yield from _synonyms(project)


def _importer(project: Project) -> Iterator[Finding]:
    ours = project.find("importers", IMPORTER)
    theirs = project.find("importers", RASA_IMPORTER)
    missing = [name for name in package_names("slots") if name not in project.named("slots")]
    if ours is None and missing:
        yield Finding(
            "error",
            "importer-missing",
            f"The domain lacks the slots {', '.join(missing)}, which Attune's importer brings: "
            "the emotion reaches no slot, and training EscalationPolicy fails.",
            f"List `- name: {IMPORTER}` under `importers` in config.yml. {_ADD}",
            project.config.at("importers"),
        )
    if ours is not None and theirs is not None:
        yield Finding(
            "warning",
            "importer-twice",
            "RasaFileImporter stands beside EmotionImporter, which extends it: every file of the "
            "project is read twice.",
            "Take the line with RasaFileImporter out.",
            theirs.at,
        )


def _component(project: Project) -> Iterator[Finding]:
    if project.find("pipeline", COMPONENT) is None:
        yield Finding(
            "warning",
            "component-missing",
            "No component reads the emotion of messages: slots keep their initial values, and "
            "neither the policy nor the replies ever see an emotion.",
            f"List `- name: {COMPONENT}` at the end of `pipeline` in config.yml. {_ADD}",
            project.config.at("pipeline"),
        )


def _policy(project: Project) -> Iterator[Finding]:
    if project.find("policies", POLICY) is None:
        yield Finding(
            "warning",
            "policy-missing",
            "No policy hands conversations to a human, and none keeps the bot silent while a "
            "human has one.",
            f"List `- name: {POLICY}` under `policies` in config.yml. {_ADD}",
            project.config.at("policies"),
        )


def _replies(project: Project) -> Iterator[Finding]:
    if project.has_our_replies:
        return
    theirs = project.replies.get("type") or project.replies.get("url")
    if theirs:
        yield Finding(
            "note",
            "replies-other",
            f"Replies come from your own generator ({theirs}), so they follow neither the "
            "customer's language nor the emotion unless it does that itself.",
            f"Nothing, if that is meant. Else set `type: {REPLIES}` under `nlg`.",
            project.endpoints.at("nlg") if project.endpoints else project.config.at(),
        )
        return
    yield Finding(
        "warning",
        "replies-missing",
        "Replies come from Rasa's own generator: no acknowledgement of emotions, and a variation "
        "for a channel hides one for the customer's language.",
        f"Set `type: {REPLIES}` under `nlg` in endpoints.yml. {_ADD}",
        project.endpoints.at("nlg") if project.endpoints else project.config.at(),
    )


def _synonyms(project: Project) -> Iterator[Finding]:
    """Find a synonym mapper that stands behind the component and changes what it says.

    The component itself may stand anywhere: it reads the text alone. But `EntitySynonymMapper`
    replaces the value of every entity that was found before it.
    """
    names = [entry.name for entry in project.listed("pipeline")]
    ours = project.find("pipeline", COMPONENT)
    mapper = project.find("pipeline", "EntitySynonymMapper")
    if ours is None or mapper is None or names.index(mapper.name) < names.index(ours.name):
        return
    taken = sorted(_VALUES.intersection(_synonyms_of(project)))
    if taken:
        yield Finding(
            "warning",
            "synonyms-after",
            f"EntitySynonymMapper stands after EmotionClassifier, and the training data have "
            f"synonyms for {', '.join(taken)}: it replaces what goes into Attune's slots.",
            "Move EmotionClassifier below EntitySynonymMapper.",
            mapper.at,
        )


def _synonyms_of(project: Project) -> Iterator[str]:
    """Give every word that the training data declare a synonym of another, in lower case."""
    for item in project.nlu:
        examples = item.get("examples")
        if "synonym" in item and isinstance(examples, str):
            for line in examples.splitlines():
                yield line.strip().removeprefix("-").strip().lower()
