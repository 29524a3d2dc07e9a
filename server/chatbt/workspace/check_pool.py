"""One piece of work for many files, on all cores.

Files travel in batches. Every batch has a process of its own, whose memory goes with it: trees are full of cycles, and
collecting them costs as much as parsing. Results come back one by one, so a worker that dies (a crash in C code, no
memory) costs the file that killed it, not the run.
"""

import gc
import logging
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext

    from chatbt.workspace.profile import Profile

log = logging.getLogger(__name__)

_Done = TypeVar("_Done")

_MOST_JOBS = 60 if sys.platform == "win32" else 1000  # Windows waits for 63 handles at most
_WORTH_A_POOL = 300_000  # bytes of source; below, starting processes takes longer than they save
_BATCHES = 12  # for each core: enough to level out that some files take longer
_LONGEST_BATCH = 1_500_000  # bytes of source, whose trees take some 150 MB
_BETWEEN_COLLECTIONS = 1_500_000  # the same, where all is done in this process


class Task(NamedTuple):
    """A file (absolute path), what is looked for in it, and how many bytes it has."""

    path: str
    profile: "Profile"
    size: int


class _Failure(NamedTuple):
    """In the place of a result: why there is none."""

    reason: str


Work = Callable[[Task], _Done]


def cores() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    work: Work[_Done], tasks: Sequence[Task], lost: Callable[[str, str], _Done], *, jobs: int = 0, nice: bool = False
) -> Iterator[_Done]:
    """What `work` makes of each task, in no certain order; `work` and its results travel between processes.

    `lost` makes the result of a file (by path and reason) that `work` fails with or that kills its worker. `jobs` 0
    means one for each core. `nice` leaves the machine to others.
    """

    def result(task: Task, done: _Done | _Failure) -> _Done:
        return lost(task.path, done.reason) if isinstance(done, _Failure) else done

    jobs = min(jobs or cores(), len(tasks), _MOST_JOBS)
    if jobs <= 1 or sum(task.size for task in tasks) < _WORTH_A_POOL:
        for task, outcome in _serial(work, tasks):
            yield result(task, outcome)
        return
    from multiprocessing.connection import wait

    waiting = deque(_batches(tasks, jobs))
    running: dict[object, _Worker[_Done]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                worker = _Worker(work, waiting.popleft(), nice=nice)
                running[worker.pipe] = worker
            for pipe in wait([worker.pipe for worker in running.values()]):
                worker = running[pipe]
                try:
                    done = worker.pipe.recv()
                except (EOFError, OSError):  # it has ended, maybe in the middle of a result
                    del running[pipe]
                    worker.join()
                    if len(worker.left) == len(worker.batch) == 1:
                        reason = "checking it ended the process (out of memory, or a crash of the interpreter)"
                        yield lost(worker.left[0].path, reason)
                    elif worker.left:
                        # The next one is the suspect, unless what was done before it took the memory: once more, alone.
                        suspect, *others = worker.left
                        waiting.extend(batch for batch in ([suspect], others) if batch)
                else:
                    yield result(worker.left.popleft(), done)
    finally:
        for worker in running.values():
            worker.stop()


def _serial(work: Work[_Done], tasks: Sequence[Task]) -> Iterator[tuple[Task, _Done | _Failure]]:
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
            yield task, _outcome(work, task)
    finally:
        if collecting:
            gc.enable()


def _outcome(work: Work[_Done], task: Task) -> _Done | _Failure:
    try:
        return work(task)
    except Exception as error:
        log.exception("%s", task.path)
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        return _Failure(f"ChatBT failed with it ({said}), which is a fault of ChatBT")


class _Worker(Generic[_Done]):
    """A process that works on a batch. `left` are the tasks whose results have not been received from `pipe`."""

    def __init__(self, work: Work[_Done], batch: list[Task], *, nice: bool) -> None:
        context = _context()
        self.batch = batch
        self.left = deque(batch)
        self.pipe: Connection[object, _Done | _Failure]
        self.pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_work_through, args=(work, batch, theirs, nice), daemon=True)
        self._process.start()
        theirs.close()  # so that its death ends the pipe

    def stop(self) -> None:
        self._process.kill()  # a handler of SIGTERM that this process has would live on in it
        self.join()

    def join(self) -> None:
        """Wait for its end, which its pipe has told of."""
        self.pipe.close()
        self._process.join()
        self._process.close()


def _work_through(
    work: Work[_Done], batch: Sequence[Task], pipe: "Connection[_Done | _Failure, object]", nice: bool
) -> None:
    """What a worker does."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker at once, without a word
    if nice and hasattr(os, "nice"):
        os.nice(10)
    gc.disable()
    with suppress(BrokenPipeError):  # nobody waits for the results any more
        for task in batch:
            pipe.send(_outcome(work, task))


def _context() -> "ForkContext | SpawnContext":
    """Forked workers have the rules loaded already. Only Linux forks safely, where no other thread holds a lock."""
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
