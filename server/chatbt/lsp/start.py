"""Starts the server. On standard input and output `initialize` is answered before nearly everything is imported."""

from __future__ import annotations

import gc
import os
import sys

from chatbt.lsp.capabilities import initialize_result
from chatbt.lsp.wire import Frames, framed, own_output, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from chatbt.lsp.client import Json

_CHUNK = 1 << 16


def serve_editor(log_file: str | None = None, log_level: str = "warning") -> NoReturn:
    """Serve the client on standard input and output, until the process ends."""
    gc.disable()  # chatbt.lsp.collector has its own times
    output = own_output()
    first, greeting = _greet(output)
    configure_log(log_file, log_level)
    from chatbt.lsp.transport import serve_stdio

    serve_stdio(output, first, greeting)


def serve_sockets(tcp: str | None, websocket: str | None) -> None:
    """Serve every client that connects to an address, until interrupted. ValueError if it has no port."""
    import asyncio

    from chatbt.lsp.transport import serve_tcp, serve_websocket

    gc.disable()
    host, port = address(tcp or websocket or "")
    asyncio.run((serve_tcp if tcp else serve_websocket)(host, port, _say))


def address(text: str) -> tuple[str, int]:
    """Host (127.0.0.1 if there is none) and port. ValueError if there is no port."""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


def _greet(output: int) -> tuple[bytes, Json | None]:
    """Answer `initialize` if it comes first: (what was read beyond it, its parameters).

    If something else comes first, what was read is given back as it is, for the session to judge.
    """
    import json

    read = b""
    frames = Frames()
    while data := os.read(0, _CHUNK):
        read += data
        body = next(frames.feed(data), None)
        if body is None:
            continue
        try:
            message = json.loads(body)
            number, params = message["id"], message["params"]
            if message["method"] != "initialize" or message["jsonrpc"] != "2.0" or "capabilities" not in params:
                break
            answer = {"jsonrpc": "2.0", "id": number, "result": initialize_result(params)}
        except (ValueError, KeyError, TypeError, AttributeError):
            break
        write_all(output, framed(json.dumps(answer).encode()))
        return bytes(frames.rest), params
    return read, None


def configure_log(file: str | None, level: str) -> None:
    """Log to a file, or to standard error. OSError if the file cannot be written."""
    import logging

    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(filename=file, level=level.upper(), format=form, force=True)


def _say(where: str) -> None:
    sys.stderr.write(f"chatbt: listening on {where}\n")
    sys.stderr.flush()
