"""The sign of typing in Rocket.Chat, which its realtime API alone has.

"Realtime API" (connect), "Login" (with a token) and "Notify Room Stream" (user-activity) at
https://developer.rocket.chat.
"""

from __future__ import annotations

from typing import Any, Final

from rasa_project.channels.messaging.errors import NotSent

_MOST: Final = 100  # messages of other meaning, before an answer comes


async def show(socket: Any, token: str, username: str, room: str, thread: str) -> None:
    """Show for some seconds that somebody writes.

    Args:
        socket: A new connection, as `Http.socket` gives it.
        token: Of the user.
        username: Likewise.
        room: Where they write.
        thread: Of that room; empty for none.

    Raises:
        NotSent: The server refuses, or says something else.
    """
    await socket.send_json({"msg": "connect", "version": "1", "support": ["1"]})
    await _answer(socket, "connected", None)
    await _call(socket, "1", "login", {"resume": token})
    within = {"tmid": thread} if thread else {}
    place = f"{room}/user-activity"
    await _call(socket, "2", "stream-notify-room", place, username, ["user-typing"], within)


async def _call(socket: Any, name: str, method: str, *params: Any) -> None:
    await socket.send_json({"msg": "method", "method": method, "id": name, "params": list(params)})
    await _answer(socket, "result", name)


async def _answer(socket: Any, kind: str, name: str | None) -> None:
    """Wait for an answer; whatever else the server tells is none of our business."""
    for _ in range(_MOST):
        told = await socket.receive_json()
        if not isinstance(told, dict):
            continue
        if told.get("msg") == "ping":
            await socket.send_json({"msg": "pong"})
        elif told.get("msg") == "failed" or (told.get("id") == name and told.get("error")):
            raise NotSent(f"Rocket.Chat refuses: {told.get('error')}", hopeless=True)
        elif told.get("msg") == kind and told.get("id") == name:
            return
    raise NotSent("Rocket.Chat does not answer.")
