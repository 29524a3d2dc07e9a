"""A progress bar, on a terminal and where there is enough to do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_WORTH_A_BAR = 100  # files


class Bar:
    """Counts files; draws once the first is done, if it was told that there are enough."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._count = 0
        self._drawn: tuple[Progress, TaskID] | None = None

    def ahead(self, count: int) -> None:
        """There are so many files to come."""
        self._count = count

    def step(self) -> None:
        # Not before: the bar has a thread, and processes must not fork while there is one.
        if self._drawn is None and self._wanted and self._count >= _WORTH_A_BAR:
            self._draw()
        if self._drawn:
            progress, task = self._drawn
            progress.advance(task)

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        progress = Progress(console=Console(stderr=True), transient=True)
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
