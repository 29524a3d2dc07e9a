"""How long the parts of a round take, by the clock of whoever does the work."""

from __future__ import annotations

import time
from typing import Any

import torch

PARTS = ("draft", "verify", "accept", "learn")
"""In their order; `learn` is the controller's part: signals and limits."""


class Clock:
    """Marks between the parts, read once the round's results are on the host.

    A GPU works behind the host's back: there the marks are events in its own stream.
    """

    def __init__(self, device: torch.device) -> None:
        count = len(PARTS) + 1
        self.now = time.perf_counter
        """The host's own clock."""
        self._events: list[Any] = []
        if device.type == "cuda":
            self._events = [torch.cuda.Event(enable_timing=True) for _ in range(count)]
        self._marks = [0.0] * count
        self._next = 0
        self.rounds = 0
        self.spent = dict.fromkeys((*PARTS, "host"), 0.0)
        """Seconds of each part in all rounds so far; `host` is what the others leave."""

    def start(self) -> None:
        """A round begins."""
        self._next = 0
        self.mark()

    def mark(self) -> None:
        """The part is over, the next one begins."""
        if self._events:
            self._events[self._next].record()
        if not self._events or not self._next:
            self._marks[self._next] = self.now()
        self._next += 1

    def read(self) -> tuple[float, float, float]:
        """Seconds of draft, verification and everything else in this round, whose parts are all over."""
        whole = self.now() - self._marks[0]
        if self._events:
            pairs = zip(self._events, self._events[1:], strict=False)
            parts = [before.elapsed_time(after) / 1000 for before, after in pairs]
        else:
            parts = [after - before for before, after in zip(self._marks, self._marks[1:], strict=False)]
        draft, verify, *_ = parts
        for name, seconds in zip(PARTS, parts, strict=True):
            self.spent[name] += seconds
        self.spent["host"] += max(0.0, whole - sum(parts))
        self.rounds += 1
        return draft, verify, max(0.0, whole - draft - verify)
