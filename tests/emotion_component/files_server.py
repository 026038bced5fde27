"""A file server on the loopback that serves ranges and misbehaves on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Files:
    """What is served, and what was asked.

    Attributes:
        contents: Path, such as `/a.tsv`, to bytes.
        tag: ETag of every file; empty: none is sent.
        cut_after: The connection of the next answers breaks after so many bytes each.
        failures: Status codes that the next requests get instead of an answer.
        ranges: The `Range` header of each request, empty where there was none.
        sent: Bytes of content written by each answer.
        hold: Where set, an answer waits before its second half until the server stops.
    """

    contents: dict[str, bytes]
    tag: str = '"1"'
    cut_after: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    hold: threading.Event | None = None
    url: str = ""


@contextmanager
def serve(files: Files) -> Iterator[Files]:
    """Serve files until the block ends; `files.url` is the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            files.ranges.append(self.headers.get("Range", ""))
            content = files.contents.get(self.path)
            if files.failures or content is None:
                self.send_error(files.failures.pop(0) if files.failures else 404)
                return
            start = 0
            if self.headers.get("Range") and self.headers.get("If-Range") == files.tag:
                start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if start and start >= len(content):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            if files.tag:
                self.send_header("ETag", files.tag)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/*")
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self._send(content[start:])

        def _send(self, content: bytes) -> None:
            if files.cut_after:
                content = content[: files.cut_after.pop(0)]
                self.close_connection = True
            half = len(content) // 2 if files.hold else len(content)
            self.wfile.write(content[:half])
            self.wfile.flush()
            if files.hold:
                files.hold.wait(60)
                return
            files.sent.append(len(content))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    files.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield files
    finally:
        if files.hold:
            files.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()
