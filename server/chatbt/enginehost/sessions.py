"""Who is connected: a window or a command names itself in a header, and is forgotten when it is silent for long."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field

SILENT = 600.0
"""Seconds after which a session counts as gone."""
WINDOW, MOST = 10.0, 120
"""No session may ask more than so often in so many seconds."""
KNOWN = 1000
"""Sessions that are remembered, the most recent ones."""


@dataclass(slots=True)
class Sessions:
    """The times of the latest requests of each session."""

    _asked: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def meet(self, session: str) -> bool:
        """Somebody is there; whether it is somebody new."""
        new = session not in self._asked
        self._asked.setdefault(session, deque([time.monotonic()]))
        self._asked.move_to_end(session)
        while len(self._asked) > KNOWN:
            self._asked.popitem(last=False)
        return new

    def admit(self, session: str) -> float:
        """Count a request; 0 if it may go on, else the seconds until it may."""
        self.meet(session)
        now = time.monotonic()
        asked = self._asked[session]
        while asked and asked[0] < now - WINDOW and len(asked) > 1:
            asked.popleft()
        if len(asked) > MOST and asked[0] > now - WINDOW:
            return asked[0] + WINDOW - now
        asked.append(now)
        return 0.0

    def count(self) -> int:
        """The sessions that have not been silent for long."""
        now = time.monotonic()
        for session in [name for name, asked in self._asked.items() if asked[-1] < now - SILENT]:
            del self._asked[session]
        return len(self._asked)
