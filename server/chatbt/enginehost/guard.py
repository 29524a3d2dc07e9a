"""Who may ask what: a token, the right Host, no foreign Origin, and bodies of bounded size."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

LOG = logging.getLogger("chatbt.engine.audit")
LARGEST = 2 * 2**20
"""Bytes of a request's body."""
HOSTS = frozenset({b"engine", b"localhost", b"127.0.0.1", b"[::1]"})
OPEN = frozenset({"/live"})
"""Says nothing but that somebody is there, and needs no token."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Stands before the application. A page in a browser of this machine is refused by its Host or its Origin."""

    def __init__(self, app: App, token: str) -> None:
        self._app = app
        self._token = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            LOG.warning("refused %s %s: %s", scope["method"], scope["path"], refusal[1])
            await _answer(send, *refusal)
            return
        await self._app(scope, _bounded(receive), send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").rpartition(b":")[0] or headers.get(b"host", b"")
        if host not in HOSTS:
            return 403, "the Host header names another machine"
        if b"origin" in headers:
            return 403, "requests from web pages are not answered"
        given = headers.get(b"authorization", b"")
        if scope["path"] not in OPEN and not hmac.compare_digest(given, self._token):
            return 401, "the token is missing or wrong: it stands in the engine's token file"
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST:
            return 413, f"the body is larger than {LARGEST} bytes"
        return None


def _bounded(receive: Receive) -> Receive:
    """The body, cut off where it grows beyond what is allowed, whatever its header said."""
    taken = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST else {"type": "http.disconnect"}

    return bounded


async def _answer(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": {"message": message, "type": "refused"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
