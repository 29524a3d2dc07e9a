"""One piece of work for many files, on all cores.

Files travel in batches of about the same number of bytes. A worker that dies (a crash in C code, no memory) costs the
file that killed it, not the run.
"""

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

    from chatbt.workspace.profile import Profile

_Done = TypeVar("_Done")

_WORTH_A_POOL = 300_000  # bytes of source; below, starting processes takes longer than they save
_BATCHES = 12  # for each process: enough to level out that some files take longer
_BETWEEN_COLLECTIONS = 250_000  # bytes of source whose trees may lie about


class Task(NamedTuple):
    """A file (absolute path), what is looked for in it, and how many bytes it has."""

    path: str
    profile: "Profile"
    size: int


Work = Callable[[Task], _Done]


def cores() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    work: Work[_Done], tasks: Sequence[Task], lost: Callable[[str, str], _Done], *, jobs: int = 0, nice: bool = False
) -> Iterator[_Done]:
    """What `work` makes of each task, in no certain order; `work` travels to other processes.

    `lost` makes the result of a file (by path and reason) that killed its worker. `jobs` 0 means one for each core.
    `nice` leaves the machine to others.
    """
    jobs = min(jobs or cores(), len(tasks))
    if jobs <= 1 or sum(task.size for task in tasks) < _WORTH_A_POOL:
        yield from _serial(work, tasks)
        return
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    batches = list(_batches(tasks, jobs))
    with _pool(jobs, nice=nice) as pool:
        futures = {pool.submit(_batch, work, batch): batch for batch in batches}
        try:
            for future in as_completed(futures):
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    yield from _one_by_one(work, futures[future], lost)
        finally:
            pool.shutdown(cancel_futures=True)


def _serial(work: Work[_Done], tasks: Sequence[Task]) -> Iterator[_Done]:
    """Work with the garbage collector at rest: trees are full of cycles, and are dropped whole."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        lying = 0
        for task in tasks:
            lying += task.size
            if lying > _BETWEEN_COLLECTIONS:
                gc.collect()
                lying = 0
            yield work(task)
    finally:
        if collecting:
            gc.enable()


def _batch(work: Work[_Done], batch: Sequence[Task]) -> list[_Done]:
    return list(_serial(work, batch))


def _one_by_one(work: Work[_Done], batch: Sequence[Task], lost: Callable[[str, str], _Done]) -> Iterator[_Done]:
    """A batch whose worker died: each file gets a worker of its own."""
    from concurrent.futures.process import BrokenProcessPool

    for task in batch:
        with _pool(1, nice=False) as pool:
            try:
                yield pool.submit(work, task).result()
            except BrokenProcessPool:
                yield lost(task.path, "checking it ended the process (out of memory, or a crash of the interpreter)")


def _pool(jobs: int, *, nice: bool) -> "ProcessPoolExecutor":
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(jobs, _context(), initializer=_start, initargs=(nice,))


def _context() -> "BaseContext":
    """Forked workers have the rules loaded already. Only Linux forks safely; there are no threads here."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def _start(nice: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker at once, without a word
    gc.freeze()
    if nice and hasattr(os, "nice"):
        os.nice(10)


def _batches(tasks: Sequence[Task], jobs: int) -> Iterator[list[Task]]:
    """The big files first, in batches of about the same number of bytes."""
    share = sum(task.size for task in tasks) / (jobs * _BATCHES)
    batch: list[Task] = []
    weight = 0
    for task in sorted(tasks, key=lambda task: -task.size):
        batch.append(task)
        weight += task.size
        if weight >= share:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
