"""Which language the bot speaks before it knows the customer's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from emotion_component import language
from rasa_project.guest.findings import Finding
from rasa_project.guest.project import COMPONENT, Entry, Project

_FALLBACK: Final = "en"
# Fewer examples of a language are a stray name or a loan word.
_SHARE: Final = 0.05


def check(project: Project) -> Iterator[Finding]:
    """Check `default_language` against the languages of the training data."""
    component = project.find("pipeline", COMPONENT)
    if component is None:
        return
    yield from _unset(project, component)
    yield from _disagreeing(project, component.settings)


def _unset(project: Project, component: Entry) -> Iterator[Finding]:
    if component.settings.get("default_language"):
        return
    counts = Counter(filter(None, map(language.detect, _examples(project))))
    total = sum(counts.values())
    if not total or counts["zh"] / total < _SHARE:
        return
    both = counts["en"] / total >= _SHARE
    mostly = "zh" if counts["zh"] > counts["en"] else "en"
    held = "Chinese and English" if both else "Chinese"
    yield Finding(
        "warning" if mostly == "zh" else "note",
        "default-language",
        f"The training data hold {held} ({counts['zh']} of {total} examples Chinese), and "
        "`default_language` is not set: a first message without letters (a button, an emoji, a "
        "picture) is answered in English.",
        f"Set `default_language: {mostly}` under EmotionClassifier in config.yml, and under `nlg` "
        "in endpoints.yml.",
        component.at,
    )


def _disagreeing(project: Project, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Find two defaults that differ, where one is set."""
    if not project.has_our_replies or project.endpoints is None:
        return
    component = str(settings.get("default_language") or _FALLBACK)
    replies = str(project.replies.get("default_language") or _FALLBACK)
    if component != replies:
        yield Finding(
            "warning",
            "default-languages-differ",
            f"`default_language` is {component} for EmotionClassifier and {replies} for "
            f"EmpathicReplies: a reply that has no variation in the customer's language is said "
            f"in {replies}, not {component}.",
            f"Set `default_language: {component}` under `nlg` in endpoints.yml, if that is what "
            "you mean.",
            project.endpoints.at("nlg", "default_language"),
        )


def _examples(project: Project) -> Iterator[str]:
    """Give the example messages of all intents."""
    for item in project.nlu:
        examples = item.get("examples")
        if "intent" not in item:
            continue
        if isinstance(examples, str):
            yield from (line.strip().removeprefix("-") for line in examples.splitlines())
        elif isinstance(examples, list):
            yield from (str(each.get("text")) for each in examples if isinstance(each, Mapping))
