"""How bytes come and go: standard input and output, TCP, WebSocket."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from chatbt.lsp.client import Json
from chatbt.lsp.clientlog import log_to
from chatbt.lsp.session import Session
from chatbt.lsp.wire import Frames, framed, write_all

log = logging.getLogger(__name__)

_CHUNK = 1 << 16


class Connection:
    """A session on a stream of framed messages."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.frames = Frames()
        self.end = partial(_set, self.ended)
        self.session = Session(lambda body: write(framed(body)), self.end)

    def feed(self, data: bytes) -> None:
        """Bytes came; none is the end of the stream."""
        if not data:
            self.end(0 if self.session.shut_down else 1)
            return
        for body in self.frames.feed(data):
            if self.ended.done():
                return
            self.session.receive(body)
        for dropped in self.frames.dropped:
            log.warning("%d bytes that are no message were left out", len(dropped))
        self.frames.dropped.clear()
        self.session.flush()


def serve_stdio(output: int, first: bytes = b"", greeting: Json | None = None) -> NoReturn:
    """Serve the client on standard input and the descriptor `output`, until the process ends.

    `first` has been read already; `greeting` are the parameters of an `initialize` that has been answered.
    """
    asyncio.run(_stdio(output, first, greeting))


async def _stdio(output: int, first: bytes, greeting: Json | None) -> NoReturn:
    loop = asyncio.get_running_loop()
    connection: Connection

    def write(data: bytes) -> None:
        try:
            write_all(output, data)
        except BrokenPipeError:
            connection.end(1)

    connection = Connection(write)
    log_to(connection.session)
    if greeting is not None:
        connection.session.begin(greeting)

    def read() -> None:
        while True:
            data = os.read(0, _CHUNK)
            loop.call_soon_threadsafe(connection.feed, data)
            if not data:
                return

    if first:
        connection.feed(first)
    threading.Thread(target=read, name="read", daemon=True).start()
    status = await connection.ended
    # The process ends here: what still works in a thread must not hold it.
    logging.shutdown()
    os._exit(status)


async def serve_tcp(host: str, port: int, listening: Callable[[str], None]) -> None:
    """Serve every client that connects, each with a session of its own; `listening` is told the address."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer.write)
        try:
            while not connection.ended.done():
                data = await reader.read(_CHUNK)
                connection.feed(data)
        except ConnectionError as error:
            log.info("a client went away: %s", error)
        finally:
            connection.session.features.close()
            writer.close()

    server = await asyncio.start_server(client, host, port)
    listening(_address(server.sockets[0].getsockname()))
    async with server:
        await server.serve_forever()


async def serve_websocket(host: str, port: int, listening: Callable[[str], None]) -> None:
    """Serve every client that connects; a message is a message, without a header."""
    from websockets.asyncio.server import ServerConnection, serve
    from websockets.exceptions import ConnectionClosed

    async def client(socket: ServerConnection) -> None:
        outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        session = Session(outgoing.put_nowait, partial(_set, ended))

        async def send() -> None:
            while True:
                await socket.send((await outgoing.get()).decode())

        sender = asyncio.create_task(send())
        try:
            while not ended.done():
                session.receive(await socket.recv(decode=False))
                session.flush()
        except ConnectionClosed:
            pass
        finally:
            session.features.close()
            sender.cancel()

    async with serve(client, host, port, max_size=None) as server:
        listening(_address(next(iter(server.sockets)).getsockname()))
        await server.serve_forever()


def _set(ended: "asyncio.Future[int]", status: int) -> None:
    if not ended.done():
        ended.set_result(status)


def _address(name: Any) -> str:
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
