"""A server that speaks OpenAI's API on the loopback device and says what it is told to say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from chatbt.engine.client import Address, Client


@dataclass
class Script:
    """What is said, one text for each request, the last one for all that follow; and what was asked."""

    model: str = "bundled"
    texts: list[str] = field(default_factory=list)
    finish: str = "stop"
    asked: list[dict[str, Any]] = field(default_factory=list)
    pause: threading.Event | None = None
    """Where there is one: waited for in the middle of every answer."""
    breaks: bool = False
    """Whether the connection ends in the middle of every answer."""
    address: Address = field(default_factory=lambda: Address("", ""))

    def client(self) -> Client:
        """A client of this server."""
        return Client(self.address)


class _Handler(BaseHTTPRequestHandler):
    script: ClassVar[Script]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._whole({"object": "list", "data": [{"id": self.script.model}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script = self.script
        script.asked.append(body)
        text = script.texts[min(len(script.asked), len(script.texts)) - 1]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        half = len(text) // 2
        try:
            self._event({"choices": [{"delta": {"content": text[:half]}}]})
            self.close_connection = True
            if script.breaks:
                return
            if script.pause is not None:
                script.pause.wait(10)
            self._event({"choices": [{"delta": {"content": text[half:]}, "finish_reason": script.finish}]})
            self._event({"choices": [], "usage": {"completion_tokens": 7}})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            pass  # the client has left

    def _event(self, told: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())
        self.wfile.flush()

    def _whole(self, told: dict[str, Any]) -> None:
        data = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: Any) -> None:
        """It keeps no log."""


@contextmanager
def saying(*texts: str, model: str = "bundled", **more: Any) -> Iterator[Script]:
    """A server that says these texts, one after the other."""
    script = Script(model, list(texts), **more)
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    script.address = Address(f"http://127.0.0.1:{server.server_address[1]}", "")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
