"""A progress bar, on a terminal and where there is enough to do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_WORTH_A_BAR = 100  # files


class Bar:
    """Counts files; draws once it is told how many there are and if that is worth it."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._drawn: tuple[Progress, TaskID] | None = None

    def ahead(self, count: int) -> None:
        """There are so many files to come."""
        if not self._wanted or count < _WORTH_A_BAR:
            return
        from rich.console import Console
        from rich.progress import Progress

        progress = Progress(console=Console(stderr=True), transient=True)
        self._drawn = progress, progress.add_task("Checking", total=count)
        progress.start()

    def step(self) -> None:
        if self._drawn:
            progress, task = self._drawn
            progress.advance(task)

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
