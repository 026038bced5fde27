"""A real HTTP server that speaks TensorFlow Serving's predict interface, and misbehaves on demand.

It runs what `emotion export` wrote. Requests and answers are TensorFlow Serving's, in columns
(https://www.tensorflow.org/tfx/serving/api_rest).
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import tensorflow as tf
import tensorflow_text  # noqa: F401  # registers the operations that the graph needs


class ModelServer:
    """Serves one version of a model on the loopback.

    Attributes:
        outputs: Changes the outputs before they are sent.
        delay: Seconds before an answer.
        raw: Sent in place of an answer, byte by byte; then the connection is cut.
        status: HTTP status of the answers.
        requests: Bodies received.
        connections: How many were opened.
    """

    def __init__(self, version: Path, port: int = 0) -> None:
        self._saved = tf.saved_model.load(str(version))
        self._serve = self._saved.signatures["serving_default"]
        self._path = f"/v1/models/{version.parent.name}:predict"
        self.port = port
        self.requests: list[Any] = []
        self.connections = 0
        self.behave()

    def behave(
        self,
        *,
        outputs: Callable[[dict[str, Any]], Any] = lambda outputs: outputs,
        delay: float = 0.0,
        raw: bytes | None = None,
        status: int = 200,
    ) -> None:
        """Answer like this from now on; without arguments, as it should."""
        self.outputs, self.delay, self.raw, self.status = outputs, delay, raw, status

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"model": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._http.daemon_threads = True
        self.port = self._http.server_port
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Go away as a killed process does: open connections are cut."""
        self._http.shutdown()
        self._http.server_close()
        self.cut()

    def cut(self) -> None:
        """Close every open connection from this side."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path != self._path:
            return 404, b'{ "error": "Servable not found for request: Latest(other)" }'
        request = json.loads(body)
        self.requests.append(request)
        texts = [text.encode() for text in request["inputs"]["text"]]
        found = self._serve(text=tf.constant(texts, tf.string, [len(texts)]))
        outputs = {name: values.numpy().tolist() for name, values in found.items()}
        outputs["model"] = [name.decode() for name in outputs["model"]]
        return self.status, json.dumps({"outputs": self.outputs(outputs)}).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections
    disable_nagle_algorithm = True  # head and body of an answer leave in two writes
    model: ModelServer

    def setup(self) -> None:
        super().setup()
        self.model.connections += 1
        self.model._open.add(self.connection)

    def finish(self) -> None:
        self.model._open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.model.answer(self.path, body)
        time.sleep(self.model.delay)
        with contextlib.suppress(OSError):  # the client has given up
            if self.model.raw is not None:
                for byte in self.model.raw:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.02)
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@contextlib.contextmanager
def serving(version: Path) -> Iterator[ModelServer]:
    """Run a server for a while."""
    server = ModelServer(version)
    server.start()
    try:
        yield server
    finally:
        server.stop()
