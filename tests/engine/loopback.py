"""A server of our own on this machine that answers as it is told to."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address of a server that answers every request with `answer(handler, body)`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answered(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            with contextlib.suppress(OSError):  # whoever asked has left
                answer(self, self.rfile.read(length))

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    for method in ("GET", "POST", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.answered)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """An answer in one piece."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def stream(handler: BaseHTTPRequestHandler, *parts: bytes) -> None:
    """The beginning of a stream of events; the connection is closed behind it."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    for part in parts:
        handler.wfile.write(part)
        handler.wfile.flush()
    handler.close_connection = True
