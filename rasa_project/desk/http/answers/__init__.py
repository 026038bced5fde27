"""What the desk's API answers, described for programs; times are seconds since 1970."""

from __future__ import annotations

from rasa_project.desk.http.answers.casework import (
    Casework,
    CorrectedMessage,
    Library,
    SavedAnswer,
    Suggestions,
    TagList,
    Words,
)
from rasa_project.desk.http.answers.conversations import Conversation, Messages, Tickets
from rasa_project.desk.http.answers.duty import Connectors, Duty, Floor, Watched, Work
from rasa_project.desk.http.answers.figures import Dashboard

__all__ = [
    "Casework",
    "Connectors",
    "Conversation",
    "CorrectedMessage",
    "Dashboard",
    "Duty",
    "Floor",
    "Library",
    "Messages",
    "SavedAnswer",
    "Suggestions",
    "TagList",
    "Tickets",
    "Watched",
    "Words",
    "Work",
]
