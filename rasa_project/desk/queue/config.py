"""The desk's file: teams, opening hours, limits and targets, checked before the desk starts.

`ATTUNE_DESK_CONFIG` names it; without that it is `desk.yml` in the folder the desk starts in. Where
there is none, everybody is one team that is always open and has no targets.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Extra, Field, ValidationError, validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from rasa_project.errors import StartError

VARIABLE: Final = "ATTUNE_DESK_CONFIG"
DEFAULT_FILE: Final = "desk.yml"
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Priority = Literal["low", "normal", "high", "urgent"]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Span = tuple[int, int]  # minutes of the day; the end is not part of it

_TEAM = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DURATION = re.compile(r"(\d{1,4}) ?(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class _Section(BaseModel):
    class Config:
        extra = Extra.forbid  # a misspelt name must not go unnoticed
        allow_mutation = False


class Rule(_Section):
    """Which conversations are a team's; all that is given must hold.

    Attributes:
        intent: One of these is an intent of the latest turns.
        slot: Each slot has this value, one of these, or, for `"*"`, any.
        channel: The conversation is on one of these.
        language: The customer writes one of these.
    """

    intent: tuple[str, ...] = ()
    slot: dict[str, tuple[str, ...]] = {}
    channel: tuple[str, ...] = ()
    language: tuple[str, ...] = ()

    @validator("intent", "channel", "language", pre=True)
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @validator("slot", pre=True)
    def _values(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: v if isinstance(v, (list, tuple)) else (str(v),) for k, v in value.items()}


class Team(_Section):
    """A group of agents with a skill; `name` says it by language, such as `{en: Billing}`."""

    name: dict[str, str] = {}
    when: tuple[Rule, ...] = ()


class Target(_Section):
    """Seconds within which a customer is answered; none where there is no promise."""

    first: float | None = None
    next: float | None = None

    @validator("first", "next", pre=True)
    def _seconds(cls, value: Any) -> float:
        match = _DURATION.fullmatch(str(value).strip())
        if match is None or int(match[1]) == 0:
            raise ValueError(f"must be a time such as 90s, 5m, 2h or 1d, not {value!r}")
        return float(int(match[1]) * _SECONDS[match[2]])


class DeskConfig(_Section):
    """All of the file; every part has a default.

    Attributes:
        time_zone: Of the opening hours, such as `Europe/Berlin`.
        opening_hours: Minutes of the day by weekday; a day that is left out is closed, and without
            any day the desk is always open.
        holidays: Dates on which it is closed, with a name for people who read the file.
        teams: By name, in the order in which their rules are asked.
        default_team: Whose work it is when no rule holds; none: everybody's.
        conversations_per_agent: How many one agent has at a time; none: no limit.
        targets: By priority.
        warn_at: Share of a target after which an answer is called due soon.
        tell_place: Whether waiting customers hear their place in the queue.
        tell_absence: Whether they hear that nobody is there.
    """

    time_zone: ZoneInfo = ZoneInfo("UTC")
    opening_hours: dict[Day, tuple[Span, ...]] = {}
    holidays: dict[datetime.date, str] = {}
    teams: dict[str, Team] = {}
    default_team: str | None = None
    conversations_per_agent: int | None = Field(default=None, ge=1, le=500)
    targets: dict[Priority, Target] = {}
    warn_at: float = Field(default=0.75, gt=0, lt=1)
    tell_place: bool = True
    tell_absence: bool = True

    class Config(_Section.Config):
        """A time zone is no type of pydantic's."""

        arbitrary_types_allowed = True

    @validator("time_zone", pre=True)
    def _zone(cls, value: Any) -> ZoneInfo:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
        except (OSError, ValueError, LookupError) as error:
            raise ValueError(
                f"{value!r} is no time zone that this machine knows; write one such as "
                "Europe/Berlin, or install the system's tzdata"
            ) from error

    @validator("opening_hours", pre=True)
    def _spans(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {day: _spans_of(spans) for day, spans in value.items()}

    @validator("teams")
    def _team_names(cls, value: dict[str, Team]) -> dict[str, Team]:
        for name in value:
            if not _TEAM.fullmatch(name):
                raise ValueError(f"{name!r} must be small letters, digits and hyphens")
        return value

    @validator("default_team")
    def _known_team(cls, value: str | None, values: dict[str, Any]) -> str | None:
        if value is not None and value not in values.get("teams", {}):
            raise ValueError(f"{value!r} is none of the teams")
        return value


def from_environment(environment: Mapping[str, str], folder: Path = Path()) -> DeskConfig:
    """Read the file.

    Args:
        environment: May name it.
        folder: Where it is looked for otherwise.

    Raises:
        StartError: It is named and not there, cannot be read, or something in it makes no sense.
    """
    named = environment.get(VARIABLE, "").strip()
    path = Path(named) if named else folder / DEFAULT_FILE
    if not named and not path.exists():
        return DeskConfig()
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartError(
            f"The desk's file {path} cannot be read: {error.strerror}. {VARIABLE} names it."
        ) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise StartError(f"The desk's file {path} is no YAML: {error}") from error
    return _checked(path, content)


def _checked(path: Path, content: Any) -> DeskConfig:
    if content is None:
        return DeskConfig()
    if not isinstance(content, dict):
        raise StartError(f"The desk's file {path} must hold names with values, such as `teams:`.")
    try:
        return DeskConfig(**{str(name): value for name, value in content.items()})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "__key__")
        unknown = first["type"] == "value_error.extra"
        says = "is no name that the desk knows here" if unknown else first["msg"]
        raise StartError(f"The desk's file {path}: `{place}`: {says}.") from error


def _spans_of(spans: Any) -> list[Span]:
    spans = [spans] if isinstance(spans, str) else spans or []
    if not isinstance(spans, list):
        raise ValueError('a day must be a list of hours such as ["09:00-12:00", "13:00-17:30"]')
    found = [_span(str(span)) for span in spans]
    for (_, end), (start, _) in itertools.pairwise(found):
        if start < end:
            raise ValueError("the hours of a day must follow one another")
    return found


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text.replace(" ", ""))
    if match is None:
        raise ValueError(f"{text!r} must be hours such as 09:00-17:30")
    start, end = (int(match[i]) * 60 + int(match[i + 1]) for i in (1, 3))
    if not start < end <= 24 * 60:
        raise ValueError(f"{text!r} must end after it begins, at 24:00 at the latest")
    return start, end
