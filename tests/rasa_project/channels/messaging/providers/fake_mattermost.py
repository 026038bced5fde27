"""An imitation of Mattermost, after developers.mattermost.com and its API reference.

"Outgoing webhooks" (token, channel, post), "Interactive messages" (integration, context,
trigger id), "Create a post" (root, pending post id), "Get a post", "Get a file", "WebSocket"
(posted), "Get posts for a channel" (since), "Get a user", "Rate limiting".
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import as_json
from tests.rasa_project.channels.messaging.providers.fake_chat_server import (
    ACCESS_TOKEN,
    WEBHOOK_TOKEN,
    FakeChatServer,
)

BOT, CHANNEL = "bot000000000000000000000ab", "town00000000000000000000ab"


class FakeMattermost(FakeChatServer):
    """A server, a public channel and people in it.

    Attributes:
        posts: By id.
        asked: Paths of requests.
        down: It answers no question about posts.
    """

    name = "mattermost"
    channel = "rasa_project.channels.messaging.providers.mattermost.MattermostInput"

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, dict[str, Any]] = {}
        self.pending: dict[str, str] = {}
        self.down = False
        self.sockets: set[web.WebSocketResponse] = set()
        self.deaf = False  # no socket opens
        self.echo_tasks: list[asyncio.Task[None]] = []

    def settings(self) -> dict[str, Any]:
        return {
            "server_url": self.url, "access_token": ACCESS_TOKEN,
            "webhook_token": WEBHOOK_TOKEN, "public_url": "https://bot.example",
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v4/posts", self._create),
            web.get("/api/v4/posts/{id}", self._get),
            web.get("/api/v4/users/me", self._me),
            web.get("/api/v4/users/me/channels", self._channels),
            web.get("/api/v4/users/{id}", self._user),
            web.get("/api/v4/channels/{id}/posts", self._since),
            web.get("/api/v4/websocket", self._socket),
            web.get("/api/v4/files/{name}", self._give),
            web.post("/api/v4/users/me/typing", self._typing),
        ]

    def proof(self, event: Any) -> tuple[dict[str, Any], str]:
        return (event["context"], "proof") if "context" in event else (event, "token")

    def written(self, customer: str, text: str) -> Any:
        return self.posted(customer, text)

    def posted(self, user: str, text: str, root: str = "", **more: Any) -> Any:
        """A post of somebody's, and the webhook's request about it."""
        props = {"from_bot": "true"} if user in {BOT, *self.bots} else {}
        post = {
            "id": f"post{self.next_number():022d}", "create_at": int(time.time() * 1000),
            "delete_at": 0, "user_id": user, "channel_id": CHANNEL, "root_id": root, "type": "",
            "message": text, "props": props, "metadata": {}, **more,
        }  # fmt: skip
        self.posts[post["id"]] = post
        return {
            "token": WEBHOOK_TOKEN, "team_id": "team", "team_domain": "example",
            "channel_id": CHANNEL, "channel_name": "help", "timestamp": post["create_at"],
            "user_id": user, "user_name": "ana", "post_id": post["id"], "text": text,
            "trigger_word": "", "file_ids": ",".join(post.get("file_ids", [])),
        }  # fmt: skip

    def pictured(self, customer: str, content: bytes) -> Any:
        file = {"id": self.keep(content), "name": "a.png", "mime_type": "image/png"}
        return self.posted(customer, "", file_ids=[file["id"]], metadata={"files": [file]})

    async def directly(self, customer: str, text: str, **more: Any) -> str:
        """Write to the bot alone, in the channel that is named after the customer."""
        post_id: str = self.posted(f"user-{customer}", text, channel_id=customer, **more)["post_id"]
        data = {"channel_type": "D", "sender_name": "@ana", "post": json.dumps(self.posts[post_id])}
        await self.tell({"event": "posted", "data": data, "broadcast": {"channel_id": customer}})
        return post_id

    async def tell(self, event: Any) -> None:
        """Say something to all who listen."""
        for socket in self.sockets:
            await socket.send_str(event if isinstance(event, str) else json.dumps(event))

    async def listened_to(self) -> None:
        """Wait until somebody listens."""
        while not self.sockets:
            await asyncio.sleep(0.01)

    async def hang_up(self) -> None:
        """Close all sockets, and open none for now."""
        self.deaf = True
        for socket in list(self.sockets):
            await socket.close()

    async def end(self) -> None:
        await self.hang_up()
        await super().end()

    def pressed(self, customer: str, title: str) -> Any:
        return self.press(customer, customer, title)

    def press(self, user: str, customer: str, title: str) -> Any:
        """A press of one person on a button that another one was shown."""
        for to, post in reversed(self.sent):
            for one in actions(post):
                if to == customer and one["name"] == title:
                    return {
                        "user_id": user, "user_name": "ana", "channel_id": CHANNEL,
                        "channel_name": "help", "team_id": "team", "team_domain": "example",
                        "post_id": post["id"], "trigger_id": f"trigger-{self.next_number()}",
                        "type": "", "data_source": "", "context": one["integration"]["context"],
                    }  # fmt: skip
        raise AssertionError(f"{customer} has no button {title!r}")

    def proven(self, event: Any) -> Any:
        """An event with a button's proof, where it is about a button."""
        if "context" not in event:
            return event
        context = event["context"]
        said = "\n".join(context[key] for key in ("choice", "customer", "title"))
        digest = hmac.new(WEBHOOK_TOKEN.encode(), said.encode(), hashlib.sha256).hexdigest()
        return {**event, "context": {**context, "proof": digest}}

    def limited(self) -> web.Response:
        headers = {"Retry-After": str(self.retry_after), "X-RateLimit-Reset": "1"}
        return web.Response(status=429, headers=headers, text="limit exceeded")

    def texts(self, customer: str) -> list[str]:
        return [post["message"] for to, post in self.sent if to == customer]

    def _wrong(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bearer {ACCESS_TOKEN}":
            return None
        return failure(401, "api.context.session_expired.app_error", "Invalid or expired session.")

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        content = await request.json()
        root = self.posts.get(content["root_id"])
        if content["root_id"] and (root is None or root["root_id"]):
            return failure(400, "api.post.create_post.root_id.app_error", "Invalid RootId.")
        if not 1 <= len(content["message"]) <= 16_383:
            return failure(400, "model.post.is_valid.message_length.app_error", "Invalid message.")
        for one in actions(content):
            if not one["id"].isalnum() or not one["integration"]["url"].startswith("https://"):
                return failure(400, "api.post.do_action.action_integration.app_error", "Action.")
        if known := self.pending.get(content["pending_post_id"]):
            return as_json(self.posts[known], 201)
        return await self.in_turn(lambda: self._show(content, root))

    def _show(self, content: dict[str, Any], root: dict[str, Any] | None) -> web.Response:
        place = {"channel_id": content["channel_id"]}
        event = self.posted(BOT, content["message"], content["root_id"], **place)
        post = {**self.posts[event["post_id"]], "props": content.get("props", {})}
        self.pending[content["pending_post_id"]] = post["id"]
        is_direct = content["channel_id"] != CHANNEL
        customer = content["channel_id"] if is_direct else root["user_id"] if root else ""
        self.sent.append((customer, post))
        if self.echoes:
            self.echo_tasks.append(asyncio.create_task(self.happens(event)))
        return as_json(post, 201)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        if self.down:
            return web.Response(status=503, text="Server error")
        post = self.posts.get(request.match_info["id"])
        if post is None or post["delete_at"]:
            return failure(404, "app.post.get.app_error", "Unable to get the post.")
        return as_json(post)

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        return await self.give(request, request.match_info["name"])

    async def _channels(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        latest: dict[str, int] = {}
        for post in self.posts.values():
            latest[post["channel_id"]] = post["create_at"]
        return as_json([
            {"id": name, "type": "O" if name == CHANNEL else "D", "last_post_at": at}
            for name, at in latest.items()
        ])  # fmt: skip

    async def _since(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        name, since = request.match_info["id"], int(request.query["since"])
        found = [post for post in self.posts.values()
                 if post["channel_id"] == name and post["create_at"] >= since]  # fmt: skip
        order = [post["id"] for post in reversed(found)]
        return as_json({"order": order, "posts": {post["id"]: post for post in found}})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        if self.deaf:
            return web.Response(status=503, text="Server error")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(json.dumps({"event": "hello", "data": {"server_version": "9.5"}}))
        self.sockets.add(socket)
        try:
            async for _ in socket:
                pass
        finally:
            self.sockets.discard(socket)
        return socket

    async def _user(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        zone = {"useAutomaticTimezone": "true", "automaticTimezone": "Asia/Shanghai"}
        return as_json({"id": request.match_info["id"], "username": "ana", "first_name": "Ana",
                        "last_name": "Lee", "locale": "zh-CN", "timezone": zone})  # fmt: skip

    async def _me(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        return as_json({"id": BOT, "username": "shop", "is_bot": True})

    async def _typing(self, request: web.Request) -> web.StreamResponse:
        self.courtesies.append(await request.json())
        return as_json({"status": "OK"})


def actions(post: dict[str, Any]) -> list[dict[str, Any]]:
    attachments = post.get("props", {}).get("attachments", [])
    return [one for attachment in attachments for one in attachment.get("actions", [])]


def failure(status: int, name: str, words: str) -> web.Response:
    return as_json({"id": name, "message": words, "status_code": status}, status)
