"""The way to the engine that the user wants: none, a server elsewhere, or our own, started where there is none."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from chatbt.engine import launcher
from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineError, EngineOffError
from chatbt.engine.keys import key_for
from chatbt.engine.places import Places
from chatbt.engine.settings import Settings, read_settings

PERIOD, STARTS = 300.0, 2
"""An engine that fails is started again, but not more often than this in so many seconds."""


class Reach:
    """One for each window or command, in one event loop: `client()` before every request."""

    def __init__(self, settings: Callable[[], Settings] = read_settings, places: Places | None = None) -> None:
        self._settings = settings
        self._places = places or Places.of_user()
        self._client: Client | None = None
        self._known: object = None
        self._starts: deque[float] = deque(maxlen=STARTS)

    async def client(self) -> Client:
        """A client of the engine. Raises `EngineOffError` where none is wanted, `EngineError` where none comes up."""
        settings = self._settings()
        if not settings.enabled:
            raise EngineOffError(settings.why_off)
        if settings.remote:
            return await self._taken((settings.url, settings.model), lambda: _remote(settings))
        stamp = self._stamp()
        if self._client is not None and self._known == stamp is not None and not self._client.lost:
            return self._client
        found = await launcher.found(self._places)
        address = found[0] if found is not None else await self._started()
        return await self._taken(self._stamp(), lambda: address)

    async def running(self) -> Client | None:
        """A client of the engine where one is running already, or is a server elsewhere; starts none, never raises."""
        settings = self._settings()
        if not settings.enabled:
            return None
        if settings.remote or await launcher.found(self._places) is not None:
            return await self.client()
        return None

    async def close(self) -> None:
        """Close the connections; the engine stays."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _started(self) -> Address:
        now = time.monotonic()
        if len(self._starts) == STARTS and now - self._starts[0] < PERIOD:
            raise EngineError(f"the engine failed {STARTS} times in a short while; its log is {self._places.log}")
        self._starts.append(now)
        return await launcher.running(self._places)

    async def _taken(self, known: object, address: Callable[[], Address]) -> Client:
        if self._client is None or self._known != known or self._client.lost:
            await self.close()
            self._client, self._known = Client(address()), known
        return self._client

    def _stamp(self) -> tuple[int, int] | None:
        """Changes with every start of an engine."""
        try:
            found = self._places.token.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns


def _remote(settings: Settings) -> Address:
    return Address(settings.url.rstrip("/").removesuffix("/v1"), key_for(settings.url), model=settings.model)
