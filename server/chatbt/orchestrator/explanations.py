"""Explanations in memory: those that are whole, and those that grow and may be followed by several at once."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace
from hashlib import sha256

from chatbt.orchestrator.grounding.ground import Subject
from chatbt.orchestrator.saying import Piece

MOST = 256
MORE = " …"
"""The mark that more is coming."""
_SENTENCE = re.compile(r"""[.!?]["')`]*(?=\s)""")


class Growing:
    """A text that is being written, as long as somebody follows it."""

    def __init__(self, pieces: AsyncIterator[Piece]) -> None:
        self.piece: Piece | None = None
        self._followers = 0
        self._is_stopped = False
        self._news = asyncio.Event()
        self._task = asyncio.ensure_future(self._grow(pieces))

    @property
    def is_wanted(self) -> bool:
        """Whether somebody follows it."""
        return self._followers > 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is coming."""
        return self._is_stopped or self._task.done()

    def stop(self) -> None:
        """End it; what was written for it at the engine ends too."""
        self._is_stopped = not self._task.done()
        self._task.cancel()

    async def follow(self) -> AsyncGenerator[Piece, None]:
        """Each newest piece, to the last."""
        self._followers += 1
        seen = None
        try:
            while True:
                if self.piece is not None and self.piece is not seen:
                    seen = self.piece
                    yield seen
                    continue
                if self._task.done():
                    self._task.result()
                    return
                self._news.clear()
                await self._news.wait()
        finally:
            self._followers -= 1
            if not self._followers:
                self.stop()

    async def _grow(self, pieces: AsyncIterator[Piece]) -> None:
        try:
            async for piece in pieces:
                self.piece = piece
                self._news.set()
        finally:
            self._news.set()


class Explanations:
    """The explanations of one window, the last used ones."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[str, Growing] = OrderedDict()

    def get(self, key: str) -> Growing | None:
        """What there is by a key: it grows, or it is a model's whole text."""
        found = self._known.get(key)
        if found is None:
            return None
        if found.has_ended and (found.piece is None or not found.piece.final or found.piece.source != "model"):
            del self._known[key]  # it was cut off, or refused: the next who asks has it written anew
            return None
        self._known.move_to_end(key)
        return found

    def grow(self, key: str, make: Callable[[], AsyncIterator[Piece]]) -> Growing:
        """What there is by a key, or else what `make` begins to write."""
        found = self.get(key)
        if found is None:
            found = self._known[key] = Growing(make())
            while len(self._known) > self._most:
                _, oldest = self._known.popitem(last=False)
                if not oldest.is_wanted:
                    oldest.stop()
        return found

    def close(self) -> None:
        """End all that grows."""
        for one in self._known.values():
            one.stop()


def key_of(subject: Subject, model: str) -> str:
    """What an explanation depends on, as a hash: the code, the pattern's finding in it, the settings, the model."""
    problem = subject.problem
    owner = problem.chunk.owner.parsed.text if problem.chunk.owner else ""
    place = problem.stretch.shifted(-problem.chunk.start)
    parts = [model, problem.id, problem.message, repr(place), repr(subject.checker.profile.file.target), owner]
    return sha256("\0".join([*parts, problem.chunk.parsed.text]).encode("utf-8", "surrogatepass")).hexdigest()


def so_far(piece: Piece) -> Piece | None:
    """What may be shown of a growing text: its finished sentences, with a mark; None if there is none yet."""
    if piece.final:
        return piece
    ends = [found.end() for found in _SENTENCE.finditer(piece.text)]
    return replace(piece, text=f"{piece.text[: ends[-1]]}{MORE}") if ends else None
