"""What an agent may say against the emotion model and the escalation policy."""

from __future__ import annotations

from typing import Final

# The service labels of the emotion model; its name for what the property `emotion` may say.
EMOTIONS: Final = (
    "neutral", "joy", "gratitude", "surprise", "confusion", "worry", "disappointment", "sadness",
    "frustration", "anger",
)  # fmt: skip

RIGHT: Final = "right"  # came to a human, and at the right time
NOT_NEEDED: Final = "not_needed"  # the bot could have gone on
EARLIER: Final = "earlier"  # should have come earlier
VERDICTS: Final = (RIGHT, NOT_NEEDED, EARLIER)
