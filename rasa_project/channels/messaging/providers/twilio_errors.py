"""What Twilio's error codes mean for a message: https://www.twilio.com/docs/api/errors."""

from __future__ import annotations

from typing import Final

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Reply

PAUSE_SECONDS: Final = 10.0  # Twilio names none, and asks for growing waits
_THROTTLED: Final = frozenset({20429, 21611, 63018})
# The account, the sender or a permission, all of which an operator can mend.
_MENDABLE: Final = frozenset(
    {20003, 20005, 20403, 20404, 21408, 21603, 21606, 21608, 21659, 21660, 21703, 21704,
     63001, 63007, 63041}
)  # fmt: skip
# Where Twilio's own sentence does not say what an agent has to know.
_MEANINGS: Final = {
    21610: "the customer does not want messages from this number (they wrote STOP); they have to "
    "write START first",
    21614: "the number is not a mobile one",
    30003: "the phone is off or out of reach",
    30004: "the phone or its network blocks the message",
    30005: "the number is not in use",
    30006: "the number is a landline, or its network takes no messages",
    30007: "a network took the message for spam",
    30008: "the network gives no reason",
    30034: "the number is not registered for messages in the United States",
    63003: "the number has no WhatsApp",
    63013: "it breaks WhatsApp's rules",
    63015: "the customer has not joined Twilio's WhatsApp sandbox",
    63016: "the customer's last message is more than 24 hours ago; until they write again only "
    "approved templates arrive",
    63019: "the file could not be fetched",
    63024: "the number has no WhatsApp, or may not be written to",
    63049: "WhatsApp holds it back, so that the customer does not get too much of its kind",
}


def meaning(code: str, words: str) -> str:
    """Word why a message failed.

    Args:
        code: Twilio's error code, empty where it gives none.
        words: What Twilio says itself.
    """
    known = _MEANINGS.get(int(code)) if code.isdecimal() and len(code) < 9 else None
    said = known or words or "Twilio does not say why"
    return f"{said} ({code[:20]})" if code else said


def failure(reply: Reply, title: str) -> NotSent | MaybeSent:
    """Word an answer that is no success ("Twilio's Response: exceptions")."""
    content = reply.content if isinstance(reply.content, dict) else {}
    code = content.get("code")
    said = meaning(str(code or ""), str(content.get("message") or reply.text))
    words = f"{title} answered {reply.status}: {said}"
    if code in _THROTTLED or reply.status == 429:
        return NotSent(words, retry_after=PAUSE_SECONDS, everyone=True)
    if reply.status >= 500 or reply.status // 100 == 2:
        return MaybeSent(words)
    mendable = code in _MENDABLE or reply.status in {401, 403, 404}
    return NotSent(words, hopeless=not mendable)
