"""What the parts of the service tell each other and the operator about going wrong."""

from __future__ import annotations

from typing import Final

# With these words a channel says before sending that its provider would refuse a message; the
# reason follows. Rasa passes them on as an error of its own, in which the desk finds them.
CHANNEL_REFUSES: Final = "The channel refuses this message: "


class StartError(Exception):
    """A part of the service cannot start; the message says why and what to do."""
