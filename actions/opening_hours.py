"""When people are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Events

# Working days, in the local time of the machine that answers.
OPENS: Final = 9
CLOSES: Final = 18
LAST_WORKING_DAY: Final = 4  # Friday, Monday being 0


class OpeningHours(Action):
    """Says when people are there, and whether they are now."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_opening_hours"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """One reply for now, one for outside the hours."""
        now_open = is_open(datetime.now())
        dispatcher.utter_message(
            response="utter_hours_open" if now_open else "utter_hours_closed",
            opens=f"{OPENS}:00",
            closes=f"{CLOSES}:00",
        )
        return []


def is_open(moment: datetime) -> bool:
    """Whether people are there at a local time."""
    return moment.weekday() <= LAST_WORKING_DAY and OPENS <= moment.hour < CLOSES
