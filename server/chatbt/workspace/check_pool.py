"""One piece of work for many files, on all cores.

Files travel in batches. Every batch has a process of its own, whose memory goes with it: trees are full of cycles, and
collecting them costs as much as parsing. A worker that dies (a crash in C code, no memory) costs the file that killed
it, not the run.
"""

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext
    from multiprocessing.process import BaseProcess

    from chatbt.workspace.profile import Profile

_Done = TypeVar("_Done")

_WORTH_A_POOL = 300_000  # bytes of source; below, starting processes takes longer than they save
_BATCHES = 12  # for each core: enough to level out that some files take longer
_LONGEST_BATCH = 1_500_000  # bytes of source, whose trees take some 150 MB
_BETWEEN_COLLECTIONS = 1_500_000  # the same, where all is done in this process


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
    from multiprocessing.connection import wait

    waiting = deque(_batches(tasks, jobs))
    running: dict[Connection, tuple[BaseProcess, list[Task]]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                batch = waiting.popleft()
                process, pipe = _started(work, batch, nice=nice)
                running[pipe] = process, batch
            for pipe in wait(running):  # type: ignore[assignment]  # what is waited for is what is returned
                process, batch = running.pop(pipe)
                try:
                    done: list[_Done] | Exception = pipe.recv()
                except EOFError:
                    if len(batch) > 1:
                        waiting.extend([task] for task in batch)
                        continue
                    reason = "checking it ended the process (out of memory, or a crash of the interpreter)"
                    done = [lost(batch[0].path, reason)]
                finally:
                    pipe.close()
                    process.join()
                if isinstance(done, Exception):
                    raise done
                yield from done
    finally:
        for process, _ in running.values():
            process.terminate()


def _serial(work: Work[_Done], tasks: Sequence[Task]) -> Iterator[_Done]:
    """Work with the garbage collector at rest: trees are dropped many at a time."""
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


def _started(
    work: Work[_Done], batch: list[Task], *, nice: bool
) -> "tuple[BaseProcess, Connection[object, list[_Done] | Exception]]":
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_batch, args=(work, batch, theirs, nice), daemon=True)
    process.start()
    theirs.close()  # so that its death ends the pipe
    return process, ours


def _batch(work: Work[_Done], batch: Sequence[Task], pipe: "Connection", nice: bool) -> None:
    """What a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker at once, without a word
    if nice and hasattr(os, "nice"):
        os.nice(10)
    gc.disable()
    try:
        done: list[_Done] | Exception = [work(task) for task in batch]
    except Exception as error:
        done = error
    pipe.send(done)


def _context() -> "ForkContext | SpawnContext":
    """Forked workers have the rules loaded already. Only Linux forks safely; there are no threads here."""
    return multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")


def _batches(tasks: Sequence[Task], jobs: int) -> Iterator[list[Task]]:
    """The big files first, in batches of about the same number of bytes."""
    share = min(sum(task.size for task in tasks) / (jobs * _BATCHES), _LONGEST_BATCH)
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
