"""Fix files on the disk, or show what fixing them would change."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from chatbt.source.document import Document
from chatbt.workspace.check import tasks_for
from chatbt.workspace.check_pool import Task, spread
from chatbt.workspace.check_reading import UnreadableError, read
from chatbt.workspace.checker import Checker
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_all, fix_of
from chatbt.workspace.profile import Profile


class FixedFile(NamedTuple):
    """What became of a file; notebooks are left as they are.

    `applied` counts fixes by pattern, `unsafe` those left that need a review. `refused` are fixes that the ladder
    refused: (line before fixing, pattern, reason). `error` says why nothing was done.
    """

    path: str
    before: str = ""
    after: str = ""
    applied: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[int, str, str], ...] = ()
    unsafe: int = 0
    error: str | None = None


def fix(
    files: Iterable[Path],
    configuration: Configuration,
    *,
    unsafe: bool,
    write: bool,
    everything: bool = False,
    jobs: int = 0,
) -> Iterator[FixedFile]:
    """Fix every file; nothing is written without `write`. In no certain order."""
    work = partial(_fix_task, unsafe=unsafe, everything=everything, write=write)
    yield from spread(work, tasks_for(files, configuration), _lost, jobs=jobs)


def fix_text(path: str, text: str, profile: Profile, *, unsafe: bool, everything: bool = False) -> FixedFile:
    """Fix a text; the safe fixes alone, or all with `unsafe`; with `everything` those of what draws nothing too."""
    fixed = fix_all(Checker(Document.from_text(path, text), profile), unsafe=unsafe, everything=everything)
    left = 0 if unsafe else _count_unsafe(fixed.checker, everything=everything)
    refused = tuple((problem.stretch.start.line, problem.id, str(fall)) for problem, fall in fixed.refused)
    after = fixed.checker.document.text
    return FixedFile(path, text, after, tuple(sorted(fixed.applied.items())), refused, left)


def _count_unsafe(checker: Checker, *, everything: bool) -> int:
    found = problems(checker, suggestions=everything)
    fixes = (
        fix_of(checker, one.chunk, one.state, one.report) for one in found if one.report and (one.shown or everything)
    )
    return sum(fix is not None and not fix.safe for fix in fixes)


def _fix_task(task: Task, *, unsafe: bool, everything: bool, write: bool) -> FixedFile:
    if task.path.endswith(".ipynb"):
        return FixedFile(task.path)
    try:
        file = read(Path(task.path))
        fixed = fix_text(task.path, file.text, task.profile, unsafe=unsafe, everything=everything)
        if write and fixed.after != fixed.before:
            file.write(fixed.after)
    except UnreadableError as error:
        return FixedFile(task.path, error=str(error))
    except OSError as error:
        return FixedFile(task.path, error=f"cannot be written ({error.strerror})")
    return fixed


def _lost(path: str, reason: str) -> FixedFile:
    return FixedFile(path, error=reason)
