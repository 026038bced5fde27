"""An area of the desk's API: routes that belong together, in a file of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rasa_project.desk.http.routing import Route
from rasa_project.desk.http.workshop import Workshop


class Area(ABC):
    """Routes that belong together.

    Args:
        workshop: The parts of the running desk.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    @abstractmethod
    def routes(self) -> list[Route]:
        """Return the routes."""
