"""Whose work a conversation is: by the rules of the desk's file, and by who does which work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.queue.config import DeskConfig, Rule
from rasa_project.desk.store.models import Agent, Conversation, WorkProfile

MAX_ENTRIES = 50


@dataclass(frozen=True)
class Work:
    """Which conversations are an agent's.

    Attributes:
        teams: Theirs; empty: all.
        languages: That they speak; empty: all.
        max_conversations: At a time; none: as many as the desk's file says.
    """

    teams: Sequence[str] = ()
    languages: Sequence[str] = ()
    max_conversations: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the page and the API tell."""
        return {
            "teams": list(self.teams),
            "languages": list(self.languages),
            "max_conversations": self.max_conversations,
        }

    def serves(self, team: str | None) -> bool:
        """Say whether a team's conversations are this agent's; those of no team are everybody's."""
        return team is None or not self.teams or team in self.teams


def team_of(config: DeskConfig, conversation: Conversation) -> str | None:
    """Return the team whose rule holds; the latest intent decides before the earlier ones."""
    for intent in conversation.intents or [None]:
        for name, team in config.teams.items():
            if any(_holds(rule, conversation, intent) for rule in team.when):
                return name
    return config.default_team


def _holds(rule: Rule, conversation: Conversation, intent: str | None) -> bool:
    pairs = (
        (rule.intent, intent),
        (rule.channel, conversation.channel),
        (rule.language, conversation.language),
    )
    slots: Mapping[str, str] = conversation.slots
    return all(not wanted or value in wanted for wanted, value in pairs) and all(
        name in slots and ("*" in wanted or slots[name] in wanted)
        for name, wanted in rule.slot.items()
    )


def work_of(session: Any, agent_id: int) -> Work:
    """Return which work is an agent's."""
    return _work(session.get(WorkProfile, agent_id))


def all_work(session: Any) -> dict[int, Work]:
    """Return which work is whose, by the ids of all agents."""
    profiles = {row.agent_id: row for row in session.scalars(select(WorkProfile))}
    return {
        agent_id: _work(profiles.get(agent_id)) for agent_id in session.scalars(select(Agent.id))
    }


def set_work(session: Any, agent_id: int, work: Work, config: DeskConfig) -> None:
    """Say which work is an agent's.

    Raises:
        RequestError: There is no such agent or team, or the limit makes no sense.
    """
    require_agent(session, agent_id)
    for team in work.teams:
        require_team(config, team)
    if any(not 0 < len(language) <= 16 for language in work.languages):
        raise RequestError(400, "language", "A language is a short code such as en or zh.")
    if work.max_conversations is not None and not 1 <= work.max_conversations <= 500:
        raise RequestError(400, "limit_range", "The limit must be from 1 to 500 conversations.")
    profile = session.get(WorkProfile, agent_id) or WorkProfile(agent_id=agent_id)
    profile.teams = sorted(set(work.teams))[:MAX_ENTRIES]
    profile.languages = sorted(set(work.languages))[:MAX_ENTRIES]
    profile.max_conversations = work.max_conversations
    session.add(profile)
    session.flush()


def set_work_of(session: Any, name: str, work: Work, config: DeskConfig) -> str:
    """Say which work is an agent's, by their sign-in name.

    Returns:
        What it is now, in words.

    Raises:
        RequestError: There is no such agent or team, or the limit makes no sense.
    """
    agent_id = session.scalar(select(Agent.id).where(Agent.name == name))
    if agent_id is None:
        raise RequestError(404, "no_agent", f"There is nobody with the name {name!r}.")
    set_work(session, agent_id, work, config)
    now = work_of(session, agent_id)
    limit = now.max_conversations or config.conversations_per_agent
    return (
        f"teams: {', '.join(now.teams) or 'all'}; languages: {', '.join(now.languages) or 'all'}; "
        f"conversations at a time: {limit or 'any number'}"
    )


def require_agent(session: Any, agent_id: int) -> Agent:
    """Return an agent.

    Raises:
        RequestError: There is none with this id.
    """
    agent: Agent | None = session.get(Agent, agent_id)
    if agent is None:
        raise RequestError(404, "no_agent", "There is no such agent.")
    return agent


def require_team(config: DeskConfig, team: str) -> None:
    """Hold that there is such a team.

    Raises:
        RequestError: There is none.
    """
    if team not in config.teams:
        known = ", ".join(config.teams) or "none; the desk's file names them under `teams`"
        raise RequestError(
            400, "no_team", f"There is no team {team[:40]!r}. Teams: {known}.", team=team[:40]
        )


def _work(profile: WorkProfile | None) -> Work:
    if profile is None:
        return Work()
    return Work(tuple(profile.teams), tuple(profile.languages), profile.max_conversations)
