"""A request on its way to the thread that owns the models, and what can come of it but an answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbt.engine.shapes import Message, Sampling

if TYPE_CHECKING:
    from chatbt.dsde import Event


class TurnedAwayError(Exception):
    """Too much is asked at once; `after` seconds from now there may be room."""

    def __init__(self, message: str, after: float) -> None:
        super().__init__(message)
        self.after = after


class SupersededError(Exception):
    """A newer request took its place."""


class WrongError(Exception):
    """The request cannot be served as it is."""


class BrokenError(Exception):
    """The engine could not serve it."""


@dataclass(slots=True, eq=False)
class Ask:
    """What is asked, by whom, and the way back for what happens."""

    content: str | list[Message]
    """A text to be continued, or a conversation."""
    body: Sampling
    owner: str
    loop: asyncio.AbstractEventLoop
    news: asyncio.Queue[Event | Exception]
    until: float | None = None
    """The monotonic time after which it is given up."""
    id: int | None = None
    begun: bool = False
    """Whether some of its answer is on its way."""
    gone: bool = False
    """Whether nobody waits for it any more."""
    held: str = ""
    """Text that has come since it was last told something."""
    told_at: float = 0.0
    """When that was, by the monotonic clock."""
    left_at: int = 0
    """Rounds that had been decoded when it was left."""

    def tell(self, news: Event | Exception) -> None:
        """Send it something that happened, from any thread."""
        try:
            self.loop.call_soon_threadsafe(self.news.put_nowait, news)
        except RuntimeError:  # its loop is closed: the process ends
            self.gone = True
