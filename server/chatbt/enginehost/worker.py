"""The one thread that touches the models, and the way to it from the event loop."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal

from chatbt.dsde import DsdeError, Engine, Event, SamplingParams

State = Literal["starting", "idle", "busy", "unloaded", "failed"]


class Busy(Exception):  # noqa: N818  # it is a state, not a fault
    """The queue is full."""


@dataclass(slots=True, eq=False)
class Ask:
    """A request on its way to the thread, and the way back for its events."""

    prompt: list[int] | str
    params: SamplingParams
    owner: str
    priority: int
    timeout: float | None
    loop: asyncio.AbstractEventLoop
    news: asyncio.Queue[Event | Exception]
    id: int | None = None
    gone: bool = False
    """Whether nobody waits for it any more."""


@dataclass(slots=True)
class Worker:
    """Loads the engine when the first request comes, frees it when none came for `unload_after` seconds."""

    load: Callable[[], Engine]
    capacity: int = 64
    """Requests that may wait or run; more are turned away."""
    unload_after: float = 900.0
    state: State = "unloaded"
    reason: str = ""
    engine: Engine | None = None
    asks: dict[int, Ask] = field(default_factory=dict)
    pending: int = 0
    last_used: float = field(default_factory=time.monotonic)
    _inbox: queue.SimpleQueue[Ask | None] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="chatbt-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its round; what runs is cut off."""
        self._inbox.put(None)
        if self._thread is not None:
            self._thread.join(timeout=10)

    async def events(
        self, prompt: list[int] | str, params: SamplingParams, *, owner: str, priority: int, seconds: float | None
    ) -> AsyncIterator[Event]:
        """The events of one request, until its result. Leaving early cancels it at the next round.

        Raises `Busy` where the queue is full, and what the engine raises for a request it cannot take.
        """
        if self.pending >= self.capacity:
            raise Busy
        ask = Ask(prompt, params, owner, priority, seconds, asyncio.get_running_loop(), asyncio.Queue())
        self.pending += 1
        self._inbox.put(ask)
        try:
            while True:
                news = await ask.news.get()
                if isinstance(news, Exception):
                    raise news
                yield news
                if news.result is not None:
                    return
        finally:
            self.pending -= 1
            ask.gone = True
            if ask.id is not None and self.engine is not None:
                self.engine.cancel(ask.id)

    def _run(self) -> None:
        while True:
            idle = self.engine is None or self.engine.idle
            try:
                ask = self._inbox.get(timeout=self._wait()) if idle else self._inbox.get_nowait()
            except queue.Empty:
                if idle:
                    self._unload()
                    continue
                self._step()
                continue
            if ask is None:
                return
            self._take(ask)

    def _wait(self) -> float | None:
        if self.engine is None:
            return None
        return max(0.0, self.last_used + self.unload_after - time.monotonic())

    def _take(self, ask: Ask) -> None:
        self.last_used = time.monotonic()
        if ask.gone:
            return
        try:
            if self.engine is None:
                self.state = "starting"
                self.engine = self.load()
            ask.id = self.engine.submit(
                ask.prompt, ask.params, owner=ask.owner, priority=ask.priority, timeout=ask.timeout
            )
        except Exception as error:
            if self.engine is None:
                self.state, self.reason = "failed", str(error)
            _tell(ask, error if isinstance(error, DsdeError) else RuntimeError(f"{type(error).__name__}: {error}"))
            return
        self.state, self.reason = "busy", ""
        self.asks[ask.id] = ask

    def _step(self) -> None:
        assert self.engine is not None
        for ask in self.asks.values():
            if ask.gone and ask.id is not None:
                self.engine.cancel(ask.id)
        try:
            events = self.engine.step()
        except Exception as error:
            self._fail(error)
            return
        for event in events:
            ask = self.asks[event.id]
            if event.result is not None:
                del self.asks[event.id]
            if not ask.gone:
                _tell(ask, event)
        self.last_used = time.monotonic()
        if self.engine.idle:
            self.state = "idle"

    def _fail(self, error: Exception) -> None:
        """A round broke: its requests are told, and the next one loads anew."""
        self.state, self.reason = "failed", f"{type(error).__name__}: {error}"
        for ask in self.asks.values():
            _tell(ask, RuntimeError(self.reason))
        self.asks.clear()
        self.engine = None

    def _unload(self) -> None:
        if self.engine is not None:
            self.engine = None
            self.state = "unloaded"


def _tell(ask: Ask, news: Event | Exception) -> None:
    try:
        ask.loop.call_soon_threadsafe(ask.news.put_nowait, news)
    except RuntimeError:  # its loop is closed: the process ends
        ask.gone = True
