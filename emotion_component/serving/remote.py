"""The model on a TensorFlow Serving server, asked over HTTP.

Every answer names the model that gave it (`exporting` puts the name into the graph), so a server
that holds another model is noticed whenever it changes, not only when a bot starts.

Importing this module loads neither TensorFlow nor the HTTP client.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import threading
import weakref
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from emotion_component import artifact
from emotion_component.errors import ConfigurationError, ServedModelError, ServingError
from emotion_component.serving import graph

if TYPE_CHECKING:
    import aiohttp
    from numpy.typing import NDArray

T = TypeVar("T")

# A quarter of a second is more than a healthy server takes and less than a customer notices.
DEFAULT_TIMEOUT: Final = 0.25
DEFAULT_NAME: Final = "emotion"
# Output that holds the name of the model, beside the heads.
MODEL_OUTPUT: Final = "model"
# 128 texts make an answer of about 100 kB; a server that sends megabytes is no model server.
LARGEST_ANSWER: Final = 4_000_000
# Float32 sums of a softmax may pass 1 by a rounding.
_ROUNDING: Final = 1e-4
_WHERE: Final = "Set it in config.yml under EmotionClassifier."


@dataclass(frozen=True)
class Server:
    """Where a model is served.

    Attributes:
        url: Address of the REST interface, `http://host:8501`.
        name: The model's name there.
        timeout: Seconds that one request may take, connecting included, above 0.

    Raises:
        ConfigurationError: If one of them cannot be.
    """

    url: str
    name: str = DEFAULT_NAME
    timeout: float = DEFAULT_TIMEOUT

    def __post_init__(self) -> None:
        address = urlsplit(self.url) if isinstance(self.url, str) else None
        if address is None or address.scheme not in ("http", "https") or not address.netloc:
            raise ConfigurationError(
                "`serving_url` must be the address of a model server, such as "
                f"http://localhost:8501. Received: serving_url={self.url!r}. {_WHERE}"
            )
        number = isinstance(self.timeout, (int, float)) and not isinstance(self.timeout, bool)
        if not number or not 0 < self.timeout <= 60:
            raise ConfigurationError(
                "`serving_timeout` must be seconds above 0, at most 60. Received: "
                f"serving_timeout={self.timeout!r}. {_WHERE}"
            )
        if not isinstance(self.name, str) or not self.name:
            raise ConfigurationError(
                f"`serving_model` must be a name. Received: serving_model={self.name!r}. {_WHERE}"
            )

    @property
    def predict_url(self) -> str:
        """The address that texts are sent to."""
        return f"{self.url.rstrip('/')}/v1/models/{quote(self.name, safe='')}:predict"

    def failure(self, what: str) -> ServingError:
        """Describe a failure of this server."""
        return ServingError(f"The model server at {self.predict_url} {what}")

    def mismatch(self, what: str) -> ServedModelError:
        """Describe that this server holds another model."""
        return ServedModelError(f"The model server at {self.predict_url} {what}")


def identity(bundle: artifact.Bundle) -> str:
    """Give the name under which an exported model answers: its own and its fingerprint."""
    return f"{bundle.card['name']}@{bundle.fingerprint}"


def heads(card: Mapping[str, Any]) -> dict[str, int]:
    """Give the heads that an answer must have, with their numbers of outputs."""
    return {head: len(names) for head, names in card["labels"].items()} | {"intensity": 1}


class RemoteGraph:
    """Stands in for `graph.Graph`: the same texts, the same arrays, from a server.

    The requests run on an event loop of their own thread, so that a deadline is one whatever
    hangs: the name look-up, the connection, or an answer that trickles. The connection is kept.

    Attributes:
        server: Where.
        thread: Runs the requests; ends with `close`, or when nobody holds this any more.

    Args:
        server: Where.
        model: `identity` of the model that must answer.
        expected: `heads` of that model.
    """

    def __init__(self, server: Server, model: str, expected: Mapping[str, int]) -> None:
        self.server = server
        self._model = model
        self._heads = expected
        self._loop = asyncio.new_event_loop()
        self._connection = _Connection(server)
        self.thread = threading.Thread(target=self._loop.run_forever, name="serving", daemon=True)
        self.thread.start()
        self._end = weakref.finalize(self, _close, self._loop, self._connection)

    @property
    def device(self) -> str:
        """Where it runs: the server's address."""
        return self.server.url

    def run(self, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Give every head's probabilities, float arrays `[len(texts), outputs]`.

        Raises:
            ServedModelError: If the server holds another model.
            ServingError: If it does not answer in time, or answers anything but that.
        """
        if not texts:
            return graph.join([self._read('{"outputs": {"model": []}}', 0)])
        return graph.join([self._ask(batch) for batch in graph.parts(texts)])

    def run_later(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run something on the thread of the requests."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def probe(self) -> None:
        """Ask for one text as `run` does, from the thread of the requests; raises as `run`."""
        try:
            work = self._connection.post([b"probe"])
            body = await asyncio.wait_for(work, self.server.timeout)
        except asyncio.TimeoutError as error:
            raise self._late() from error
        self._read(body, 1)

    def close(self) -> None:
        """Close the connection and end the thread; a second call does nothing."""
        self._end()

    def _ask(self, batch: list[bytes]) -> dict[str, NDArray[Any]]:
        asked = self.run_later(self._connection.post(batch))
        try:
            body = asked.result(self.server.timeout)
        except concurrent.futures.TimeoutError as error:
            asked.cancel()
            raise self._late() from error
        finally:
            del asked  # it holds the error, whose traceback holds this frame: a circle otherwise
        return self._read(body, len(batch))

    def _late(self) -> ServingError:
        return self.server.failure(f"did not answer within {self.server.timeout:g} s")

    def _read(self, body: str | bytes, rows: int) -> dict[str, NDArray[Any]]:
        """Read an answer of the predict interface in columns; trust nothing in it."""
        try:
            outputs = json.loads(body)["outputs"]
            served = outputs[MODEL_OUTPUT]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self.server.mismatch(
                f"does not name its model; let it serve what `emotion export` wrote ({error!r})"
            ) from error
        if not isinstance(served, list) or any(name != self._model for name in served):
            found = next((name for name in served if name != self._model), served)
            raise self.server.mismatch(
                f"serves {_short(found)}, not {_short(self._model)}, whose labels and thresholds "
                "are in use here; `emotion export` writes the right one"
            )
        return {head: self._head(outputs, head, rows) for head in self._heads}

    def _head(self, outputs: Mapping[str, Any], head: str, rows: int) -> NDArray[Any]:
        import numpy as np

        shape = (rows, self._heads[head])
        if rows == 0:
            return np.zeros(shape, np.float32)
        try:
            values = np.asarray(outputs[head], np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise self.server.failure(f"gave no usable head {head} ({error!r})") from error
        if values.shape != shape:
            raise self.server.failure(f"gave {head} the shape {values.shape}, not {shape}")
        if not ((values >= 0) & (values <= 1 + _ROUNDING)).all():  # false for NaN as well
            raise self.server.failure(f"gave {head} values that are no probabilities")
        return values


class _Connection:
    """One kept HTTP connection; used on one event loop alone."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session: aiohttp.ClientSession | None = None

    async def post(self, batch: list[bytes]) -> bytes:
        """Send texts, and give the body of the answer.

        Raises:
            ServingError: If there is none.
        """
        import aiohttp

        if self._session is None:  # a session belongs to the loop it was made on
            self._session = aiohttp.ClientSession()
        texts = [text.decode() for text in batch]
        request = json.dumps({"signature_name": "serving_default", "inputs": {"text": texts}})
        try:
            try:
                status, body = await self._send(self._session, request.encode())
            except (aiohttp.ServerDisconnectedError, ConnectionResetError):
                # A kept connection that the server has closed meanwhile; asking twice does no harm.
                status, body = await self._send(self._session, request.encode())
        except (aiohttp.ClientError, OSError) as error:
            why = str(error) or type(error).__name__
            raise self._server.failure(f"cannot be reached ({why})") from error
        if status != 200:
            said = " ".join(body[:200].decode("utf-8", "replace").split())
            raise self._server.failure(f"answered HTTP {status}: {said}")
        return body

    async def _send(self, session: aiohttp.ClientSession, request: bytes) -> tuple[int, bytes]:
        async with session.post(
            self._server.predict_url,
            data=request,
            headers={"Content-Type": "application/json"},
            allow_redirects=False,
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise self._server.failure(f"sent more than {LARGEST_ANSWER} bytes")
            return response.status, bytes(body)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _close(loop: asyncio.AbstractEventLoop, connection: _Connection) -> None:
    """End what runs on a loop, close the connection there, then let the loop's thread end."""
    closing = asyncio.run_coroutine_threadsafe(_shut(connection), loop)
    closing.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))


async def _shut(connection: _Connection) -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await connection.close()


def _short(name: Any) -> str:
    """Shorten `name@fingerprint` to what a reader compares."""
    words = str(name)
    return words[: words.find("@") + 7] if "@" in words else words[:80]
