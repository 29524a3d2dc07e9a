"""Who may ask what: a token, the right Host, no foreign Origin, and bodies of bounded size."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chatbt.enginehost import audit

LARGEST = 2 * 2**20
"""Bytes of a request's body."""
SLOWEST = 30.0
"""Seconds that a body may take to come."""
HOSTS = frozenset({b"engine", b"localhost", b"127.0.0.1", b"[::1]"})
OPEN = frozenset({"/live"})
"""Says nothing but that somebody is there, and needs no token."""

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refusal = tuple[int, str]


class Guard:
    """Stands before the application. A page in a browser of this machine is refused by its Host or its Origin."""

    def __init__(self, app: App, token: str, count: Callable[[int], None] = lambda _status: None) -> None:
        self._app = app
        self._token = f"Bearer {token}".encode()
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        refusal = self._refusal(scope["path"], headers)
        body: bytes | Refusal = b"" if refusal else await _read(receive)
        if refusal is None and isinstance(body, tuple):
            refusal = body
        if refusal is not None:
            self._count(refusal[0])
            session = headers.get(b"x-chatbt-session", b"").decode("latin-1")
            audit.refused(session, scope["method"], scope["path"], *refusal)
            await _answer(send, *refusal)
            return
        assert isinstance(body, bytes)
        await self._app(scope, _replayed(body, receive), send)

    def _refusal(self, path: str, headers: dict[bytes, bytes]) -> Refusal | None:
        host = headers.get(b"host", b"")
        name, colon, port = host.rpartition(b":")
        if (name if colon and port.isdigit() else host) not in HOSTS:
            return 403, "the Host header names another machine"
        if b"origin" in headers:
            return 403, "requests from web pages are not answered"
        given = headers.get(b"authorization", b"")
        if path not in OPEN and not hmac.compare_digest(given, self._token):
            return 401, "the token is missing or wrong: it stands in the engine's token file"
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 20 or int(length) > LARGEST:
            return 413, f"the body is larger than {LARGEST} bytes"
        return None


async def _read(receive: Receive) -> bytes | Refusal:
    """The whole body, whatever its header said of it."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(SLOWEST):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 400, "the connection was closed before the request was complete"
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > LARGEST:
                    return 413, f"the body is larger than {LARGEST} bytes"
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        return 408, f"the request was not complete after {SLOWEST:.0f} seconds"


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then what comes after it."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _answer(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": {"message": message, "type": "refused"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
