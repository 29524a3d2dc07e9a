"""Starts the server as the command line asks for it."""

import logging
import sys


def start(tcp: str | None, websocket: str | None, log_file: str | None, log_level: str) -> int:
    """Serve until the client leaves (for sockets: until interrupted); the exit status."""
    import asyncio

    from chatbt.lsp.transport import serve_stdio, serve_tcp, serve_websocket

    logging.basicConfig(
        filename=log_file,
        level=log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    address = tcp or websocket
    if address is None:
        serve_stdio()
    host, port = _address(address)
    serve = serve_tcp if tcp else serve_websocket
    asyncio.run(serve(host, port, _say))
    return 0


def _say(address: str) -> None:
    sys.stderr.write(f"chatbt: listening on {address}\n")
    sys.stderr.flush()


def _address(text: str) -> tuple[str, int]:
    """Host and port; ValueError if there is no port."""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)
