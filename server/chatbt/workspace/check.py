"""Whole projects: the findings of every file below some paths."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.workspace.cache import Cache
from chatbt.workspace.check_result import Result
from chatbt.workspace.configuration import Configuration

if TYPE_CHECKING:
    from chatbt.workspace.check_pool import Task


def check(
    files: Iterable[Path],
    configuration: Configuration,
    cache: Cache,
    *,
    fixes: bool = False,
    suggestions: bool = False,
    jobs: int = 0,
    nice: bool = False,
    ahead: Callable[[int], None] | None = None,
) -> Iterator[Result]:
    """The result of each file, in no certain order; `fixes` makes the fixes too, for the price of their making;
    `suggestions` looks for these as well.

    `ahead` is told how many files there are to check when the cache has said what it knows. `nice` leaves the machine
    to others.
    """
    left: list[Path] = []
    for path in files:
        effective = configuration.for_file(path)
        known = cache.get(str(path), effective, fixes=fixes, suggestions=suggestions)
        if known is None:
            left.append(path)
        else:
            yield known
    if ahead:
        ahead(len(left))
    if not left:
        return
    from chatbt.workspace.check_file import check_task
    from chatbt.workspace.check_pool import spread

    work = partial(check_task, fixes=fixes, suggestions=suggestions)
    for result in spread(work, tasks_for(left, configuration), _lost, jobs=jobs, nice=nice):
        effective = configuration.for_file(Path(result.path))
        cache.put(result, effective, fixes=fixes, suggestions=suggestions)
        yield result
    cache.save()


def tasks_for(files: Iterable[Path], configuration: Configuration) -> "list[Task]":
    """The files, each with what is looked for in it."""
    from chatbt.workspace.check_pool import Task
    from chatbt.workspace.profiles import profile_for

    return [Task(str(path), profile_for(path, configuration.for_file(path)), _size(path)) for path in files]


def _lost(path: str, reason: str) -> Result:
    return Result(path, error=reason)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
