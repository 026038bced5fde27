"""Whether the bot stays silent for as long as a human has the conversation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from rasa_project.guest.findings import Finding, Place
from rasa_project.guest.project import POLICY, Project

_SESSION_START: Final = "action_session_start"
# What an action does where it pauses the bot, or puts a human in charge.
_PAUSES: Final = ("ConversationPaused(", "handoff_state")


def check(project: Project) -> Iterator[Finding]:
    """Check what a new session does to a handoff."""
    overridden = project.named("actions").get(_SESSION_START)
    if project.hands_over:
        if overridden:
            yield from _speaks(project, overridden[1])
    elif project.session_minutes > 0:
        yield from _lifted(project, overridden[1] if overridden else None)


def _lifted(project: Project, session_start: Place | None) -> Iterator[Finding]:
    """Find a pause that nothing holds once the session has expired."""
    at = next(_pausing(project), None) or session_start
    if at is None:
        return
    why = (
        f"`{_SESSION_START}` is your own here. It runs then, and no policy holds a pause across it"
        if at == session_start
        else "A human takes over here"
    )
    yield Finding(
        "warning",
        "pause-lifted",
        f"{why}. After {project.session_minutes:g} minutes of silence the next message starts a "
        "session, which lifts the pause: the bot talks over the human.",
        f"List `- name: {POLICY}` under `policies` in config.yml: it keeps the bot silent while "
        "the slot `handoff_state` is not `bot`. So set that slot where you pause.",
        at,
    )


def _pausing(project: Project) -> Iterator[Place]:
    for name, text in project.python_files:
        for number, line in enumerate(text.splitlines(), start=1):
            if any(word in line for word in _PAUSES) and not line.lstrip().startswith("#"):
                yield Place(name, number)


def _speaks(project: Project, declared: Place) -> Iterator[Finding]:
    """Find a session start that greets: Rasa runs it without asking any policy."""
    for name, text in project.python_files:
        if _SESSION_START not in text:
            continue
        try:
            tree = ast.parse(text)
        except SyntaxError:  # some other Python's, or none of the bot's
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.ClassDef) and _is_session_start(node)):
                continue
            line = _utterance(node)
            if line is None:
                continue
            yield Finding(
                "warning",
                "session-start-speaks",
                f"`{_SESSION_START}` (declared in {declared}) says something, and Rasa runs it "
                "without asking a policy: a customer who writes again after the session has "
                "expired is greeted by the bot while a human has the conversation.",
                "Say it only while the slot `handoff_state` is `bot`.",
                Place(name, line),
            )


def _is_session_start(node: ast.ClassDef) -> bool:
    return any(
        isinstance(each, ast.Return)
        and isinstance(each.value, ast.Constant)
        and each.value.value == _SESSION_START
        for each in ast.walk(node)
    )


def _utterance(node: ast.ClassDef) -> int | None:
    """Find the line that says something unless it asks for `handoff_state` somewhere."""
    asks = any(
        isinstance(each, ast.Constant) and each.value == "handoff_state" for each in ast.walk(node)
    )
    if asks:
        return None
    lines = [
        each.lineno
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and each.attr == "utter_message"
    ]
    return min(lines, default=None)
