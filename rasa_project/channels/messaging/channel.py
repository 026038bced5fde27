"""A messaging channel as Rasa loads it: routes, and an output made from configuration alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, Final

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic import response as answers
from sanic.request import Request as SanicRequest
from sanic.response import HTTPResponse

from rasa_project.channels.desk_door import DeskDoor
from rasa_project.channels.messaging.agent_typing import TypingRoute
from rasa_project.channels.messaging.answering import OnNewMessage
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.inbox import TooEarly
from rasa_project.channels.messaging.media import keeping
from rasa_project.channels.messaging.media.routes import FileRoutes
from rasa_project.channels.messaging.outbox import Outbox
from rasa_project.channels.messaging.output import MessagingOutput
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.rasa_side import RasaSide, RegisteredBlueprint
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.running import Running
from rasa_project.channels.messaging.settings import checked
from rasa_project.channels.messaging.turn import Reading
from rasa_project.webhooks.body import read_body
from rasa_project.webhooks.errors import Refused

logger = logging.getLogger(__name__)

_RETRY_SECONDS: Final = "10"


class MessagingInput(InputChannel):
    """A channel over the layer; a subclass names its `Provider`.

    Args:
        options: The section of `credentials.yml`.

    Raises:
        InvalidConfigException: A setting is missing, wrong or unknown.
    """

    Provider: ClassVar[type[Provider]]
    takes_files: ClassVar[bool] = True  # from agents, by an address that the service fetches

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        provider = type(self).Provider
        settings = checked(provider.Settings, options, provider.title, self.section())
        keeping.read({} if settings.files is None else settings.files, self.section())
        self.provider = provider(settings, Http(provider.title))
        self.running: Running | None = None
        self._door = DeskDoor("")

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa and in its address."""
        return cls.Provider.name

    @classmethod
    def section(cls) -> str:
        """The key of its settings in `credentials.yml`."""
        return f"{cls.__module__}.{cls.__qualname__}"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> MessagingInput:
        """Reads the channel's section of `credentials.yml`."""
        return cls(credentials)

    def get_output_channel(self) -> MessagingOutput:
        """Gives what delivers messages that answer no request, an agent's for one."""
        return MessagingOutput(self.provider, self._outbox, self._wake)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Makes the routes; the work begins with the server, in each of its processes."""
        blueprint = RegisteredBlueprint(f"{self.name()}_webhook")

        async def start(app: Any, _loop: Any) -> None:
            kept = keeping.keeping_of(
                self.provider.settings.files, self.section(), app.ctx.input_channels
            )
            self._door = keeping.door_of(app.ctx.input_channels)
            rasa = RasaSide(blueprint.agent)
            self.running = Running(self.provider, on_new_message, rasa, kept)
            self.running.start()

        async def stop(_app: Any, _loop: Any) -> None:
            if self.running is not None:
                await self.running.stop()
                self.running = None

        # Functions, because Sanic writes its marks on them.
        async def greet(request: SanicRequest) -> HTTPResponse:
            return self._answered(self.provider.greet, _request(request, b""))

        async def take(request: SanicRequest) -> HTTPResponse:
            return await self._take(request)

        blueprint.listener("before_server_start")(start)
        blueprint.listener("before_server_stop")(stop)
        blueprint.add_route(_health, "/", methods=["GET"])
        blueprint.add_route(greet, "/webhook", methods=["GET"])
        # As a stream, for a limit of its own: Rasa takes a hundred megabytes.
        blueprint.add_route(take, "/webhook", methods=["POST"], stream=True)
        FileRoutes(self._started, lambda: self._door).add(blueprint)
        shown = TypingRoute(lambda: self._started().typing, lambda: self._door, self.name())
        shown.add(blueprint)
        return blueprint

    async def _take(self, sanic_request: SanicRequest) -> HTTPResponse:
        body = await read_body(sanic_request, self.provider.limits.body_bytes)
        if body is None:
            return _refusal(413, f"More than {self.provider.limits.body_bytes} bytes.")
        request = _request(sanic_request, body)
        try:
            await self.provider.prepare(request)
        except (NotSent, MaybeSent) as error:
            logger.warning("%s: a delivery cannot be verified now: %s", self.name(), error)
            sentence = "It cannot be verified at present; please deliver it again."
            return _refusal(503, sentence, {"Retry-After": _RETRY_SECONDS})
        reading: Reading | None = None

        def understand(request: Request) -> Answer:
            nonlocal reading
            self.provider.verify(request)
            reading = self.provider.read(request)
            return reading.answer

        answer = self._answered(understand, request)
        if reading is None:
            return answer
        try:
            await self._started().take(reading)
        except TooEarly as error:
            return _refusal(503, str(error), {"Retry-After": _RETRY_SECONDS})
        except Exception:
            logger.exception("%s: a delivery could not be kept.", self.name())
            sentence = "It could not be kept; please deliver it again."
            return _refusal(503, sentence, {"Retry-After": _RETRY_SECONDS})
        return answer

    def _answered(self, how: Callable[[Request], Answer], request: Request) -> HTTPResponse:
        """Answer a request, with a sentence where it is refused or broken."""
        try:
            return _response(how(request))
        except Refused as error:
            logger.warning("%s: a request is refused: %s", self.name(), error)
            return _refusal(error.status, str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            logger.warning("%s: a request is not understood: %r", self.name(), error)
            return _refusal(400, f"This is not of the form that {self.provider.title} documents.")

    def _started(self) -> Running:
        if self.running is None:
            raise RuntimeError(f"The {self.name()} channel runs within a Rasa server only.")
        return self.running

    def _outbox(self) -> Outbox:
        return self._started().outbox

    def _wake(self) -> None:
        self._started().sender.wake()


async def _health(_request: SanicRequest) -> HTTPResponse:
    return answers.json({"status": "ok"})


def _request(request: SanicRequest, body: bytes) -> Request:
    query = f"?{request.query_string}" if request.query_string else ""
    return Request(
        method=request.method,
        path=f"{request.path}{query}",
        query={key: values[0] for key, values in request.args.items()},
        headers={key.lower(): value for key, value in request.headers.items()},
        body=body,
        at=time.time(),
    )


def _response(answer: Answer) -> HTTPResponse:
    headers = dict(answer.headers)
    if isinstance(answer.body, str):
        return answers.raw(
            answer.body.encode("utf-8", "replace"), answer.status, headers, answer.content_type
        )
    return answers.json(answer.body, answer.status, headers)


def _refusal(status: int, sentence: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    return answers.json({"error": sentence}, status, headers)
