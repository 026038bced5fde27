"""What the imitations of Mattermost and Rocket.Chat share: a token in the body of each delivery."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService

WEBHOOK_TOKEN = "webhook-token-of-the-tests"
ACCESS_TOKEN = "access-token-of-the-tests"
JSON = "application/json"


class FakeChatServer(FakeService):
    """A server whose outgoing webhooks show a token.

    Attributes:
        echoes: It delivers the bot's own messages, too, as it does in truth.
        bots: Users who are no people.
    """

    knows_doubles = True

    def __init__(self) -> None:
        super().__init__()
        self.echoes = False
        self.bots: set[str] = set()

    def delivery(self, event: Any) -> Delivery:
        return Delivery(json.dumps(event).encode(), {"Content-Type": JSON})

    def proof(self, event: Any) -> tuple[dict[str, Any], str]:
        """Where a delivery shows what only the server knows."""
        return event, "token"

    def forgeries(self, good: Delivery) -> list[Delivery]:
        found: list[Delivery] = []
        odd: list[Any] = ["", "wrong", "ü", None, 7, {}]
        for shown in odd:
            event = copy.deepcopy(json.loads(good.body))
            place, key = self.proof(event)
            place[key] = shown
            found.append(self.delivery(event))
        return found
