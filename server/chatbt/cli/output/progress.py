"""A progress bar, on a terminal and where there is enough to do."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_WORTH_A_BAR = 100  # files
_BETWEEN_FRAMES_S = 0.1


class Bar:
    """Counts files; draws once the first is done, if it was told that there are enough."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._count = 0
        self._drawn: tuple[Progress, TaskID] | None = None
        self._next_frame = 0.0

    def ahead(self, count: int) -> None:
        """There are so many files to come."""
        self._count = count

    def step(self) -> None:
        if self._drawn is None and self._wanted and self._count >= _WORTH_A_BAR:
            self._draw()
        if self._drawn:
            progress, task = self._drawn
            progress.advance(task)
            if (now := time.monotonic()) >= self._next_frame:
                progress.refresh()
                self._next_frame = now + _BETWEEN_FRAMES_S

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        # No thread draws it: processes are forked all the while, and must not be while another thread holds a lock.
        progress = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
        self._drawn = progress, progress.add_task("Checking", total=self._count)
        progress.start()

    def stop(self) -> None:
        if self._drawn:
            self._drawn[0].stop()


@contextmanager
def bar(*, wanted: bool) -> Iterator[Bar]:
    drawn = Bar(wanted=wanted)
    try:
        yield drawn
    finally:
        drawn.stop()
