"""The figures since the process began: counters, the latest requests, and the pace of the last seconds."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from chatbt.enginehost.figures.records import Finished

LATEST = 1000
"""Requests that are looked at."""
PACE = 10.0
"""Seconds over which throughput is measured."""
FIRST_TOKEN_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(slots=True)
class Live:
    """Told from several threads. Times are monotonic: a clock that is set back changes nothing."""

    latest: deque[Finished] = field(default_factory=lambda: deque(maxlen=LATEST))
    outcomes: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=LATEST))
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By purpose and finish."""
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Outcomes, by purpose and outcome."""
    totals: Counter[str] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    """Requests that were not taken, by status."""
    first_tokens: Counter[float] = field(default_factory=Counter)
    """Requests by the bucket of their time to the first token; beyond the last: infinity."""
    began: float = field(default_factory=time.monotonic)
    _paces: deque[tuple[float, int]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, told: Finished) -> None:
        """Count a finished request."""
        with self._lock:
            self.latest.append(told)
            self.requests[told.purpose, told.finish] += 1
            for name in ("prompt_tokens", "tokens", "rounds", "drafted", "accepted"):
                self.totals[name] += getattr(told, name)
            if told.first_token is not None:
                self.totals["first_token_count"] += 1
                bucket = next((each for each in FIRST_TOKEN_BUCKETS if told.first_token <= each), float("inf"))
                self.first_tokens[bucket] += 1

    def outcome(self, purpose: str, outcome: str) -> None:
        """Count what became of a generated text."""
        with self._lock:
            self.outcomes.append((purpose, outcome))
            self.told[purpose, outcome] += 1

    def refuse(self, status: int) -> None:
        """Count a request that was not taken."""
        with self._lock:
            self.refused[status] += 1

    def recent(self) -> list[Finished]:
        """The latest requests, the newest last."""
        with self._lock:
            return list(self.latest)

    def pace(self, tokens: int, now: float | None = None) -> float:
        """Tokens per second of late, of all requests together; `tokens` have been made since the process began."""
        now = time.monotonic() if now is None else now
        with self._lock:
            self._paces.append((now, tokens))
            while len(self._paces) > 2 and self._paces[1][0] <= now - PACE:
                self._paces.popleft()
            (first, before), (last, after) = self._paces[0], self._paces[-1]
        return max(0, after - before) / (last - first) if last > first else 0.0
