"""Who is let in: a bounded queue, shared fairly between sessions, in which the urgent and the newest go first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatbt.engine.shapes import Message, Sampling
from chatbt.enginehost.asks import Ask, SupersededError, TurnedAwayError
from chatbt.enginehost.worker import Worker

if TYPE_CHECKING:
    from chatbt.dsde import Event

CAPACITY = 64
"""Requests that may wait or run."""
USUAL, LONGEST = 300.0, 600.0
"""Seconds until an answer is given up, where the request does not say, and at most."""
_RECENT = 0.1
"""The weight of the newest answer in what answers usually take."""


@dataclass(slots=True)
class Desk:
    """For the event loop alone. What the thread decodes next, of those that are let in, is the scheduler's to say:
    by priority, then the session that has had least."""

    worker: Worker
    capacity: int = CAPACITY
    asks: list[Ask] = field(default_factory=list)
    turned_away: int = 0
    superseded: int = 0
    _takes: float = 1.0
    """Seconds that an answer usually takes."""

    @property
    def running(self) -> int:
        """How many are being decoded."""
        return min(len(self.worker.live()), len(self.asks))

    @property
    def waiting(self) -> int:
        """How many are not being decoded yet."""
        return len(self.asks) - self.running

    async def events(self, content: str | list[Message], body: Sampling, owner: str) -> AsyncGenerator[Event, None]:
        """The events of one request, until its result. Leaving early frees its slot before the next round.

        Raises `TurnedAwayError`, `SupersededError`, `WrongError` or `BrokenError`.
        """
        began = time.monotonic()
        until = began + min(body.timeout if body.timeout is not None else USUAL, LONGEST)
        ask = Ask(content, body, owner, asyncio.get_running_loop(), asyncio.Queue(), until)
        self._admit(ask)
        self.asks.append(ask)
        self.worker.submit(ask)
        try:
            while True:
                news = await ask.news.get()
                if isinstance(news, Exception):
                    raise news
                ask.begun = True
                yield news
                if news.result is not None:
                    self._takes += _RECENT * (time.monotonic() - began - self._takes)
                    return
        finally:
            self.worker.leave(ask)
            if ask in self.asks:
                self.asks.remove(ask)

    def _admit(self, ask: Ask) -> None:
        """Make room for it, or raise `TurnedAwayError`."""
        if ask.body.document:
            for other in self.asks:
                if _same(ask, other):
                    self.superseded += 1
                    self._put_out(other, SupersededError("a newer request for the same document took its place"))
                    break
        if sum(other.owner == ask.owner for other in self.asks) >= max(1, self.capacity // 2):
            self.turned_away += 1
            raise TurnedAwayError("this session has too many requests waiting", self._soon())
        if len(self.asks) < self.capacity:
            return
        last = max((each for each in self.asks if not each.begun), key=lambda each: each.body.priority, default=None)
        self.turned_away += 1
        if last is None or last.body.priority <= ask.body.priority:
            raise TurnedAwayError("the queue is full", self._soon())
        self._put_out(last, TurnedAwayError("the queue is full, and more urgent requests came", self._soon()))

    def _put_out(self, ask: Ask, why: Exception) -> None:
        """End a request for another's sake. It no longer counts from here on."""
        self.asks.remove(ask)
        self.worker.leave(ask)
        ask.news.put_nowait(why)

    def _soon(self) -> float:
        """Seconds in which a place will be free, by what answers have usually taken."""
        slots = self.worker.plan.slots if self.worker.plan is not None else 1
        return min(60.0, max(1.0, self._takes * self.waiting / slots))


def _same(one: Ask, other: Ask) -> bool:
    return (one.owner, one.body.document, one.body.purpose) == (other.owner, other.body.document, other.body.purpose)
