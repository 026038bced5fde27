"""The supervisors' figures."""

from __future__ import annotations

from rasa_project.desk.http.routing import Body


class Figures(Body):
    """Figures of a group of tickets; shares 0 to 1, times in seconds, unknown ones null."""

    tickets: int
    closed: int
    answered: int
    abandoned: int
    rated: int
    waited_median: int | None
    waited_p90: int | None
    handled_median: int | None
    handled_p90: int | None
    recovered: float | None
    compared: int
    reopened: float | None
    rating: float | None
    happy: float | None


class FiguresAt(Figures):
    """Figures of an hour, day or week."""

    start: int


class FiguresOf(Figures):
    """Figures of a channel, language or intent; an empty key where it is not known."""

    key: str


class ReasonCount(Body):
    """For how many tickets a signal was a reason."""

    key: str
    tickets: int


class EmotionCount(Body):
    """How many customers felt so on arrival and at the end."""

    key: str
    arrival: int
    end: int


class RatingCount(Body):
    """How many customers gave a rating."""

    key: int
    answers: int


class Tables(Body):
    """The dashboard's tables."""

    over_time: list[FiguresAt]
    channel: list[FiguresOf]
    language: list[FiguresOf]
    intent: list[FiguresOf]
    reasons: list[ReasonCount]
    emotions: list[EmotionCount]
    ratings: list[RatingCount]


class Choices(Body):
    """By what the figures can be narrowed down."""

    channel: list[str]
    language: list[str]
    intent: list[str]


class Dashboard(Body):
    """The figures of a period, and of the one before."""

    total: Figures
    before: Figures
    choices: Choices
    tables: Tables
