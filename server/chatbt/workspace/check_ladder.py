"""How far the edits of a project's findings climb: what patterns offer there, seen as a whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from chatbt.source.document import Document
from chatbt.source.notebook import NotebookError, read_notebook
from chatbt.verification.ladder import Rung
from chatbt.workspace.check import tasks_for
from chatbt.workspace.check_pool import Task, spread
from chatbt.workspace.check_reading import UnreadableError, read
from chatbt.workspace.checker import Checker
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt


class Climb(NamedTuple):
    """What became of a finding (line before the edit): no edit (`safe` is None), or one of a class.

    `rung` is the one that it fell from, None at the top.
    """

    pattern: str
    line: int
    safe: bool | None = None
    rung: Rung | None = None
    reason: str = ""


class Climbs(NamedTuple):
    """All of a file, or why it could not be read."""

    path: str
    climbs: tuple[Climb, ...] = ()
    error: str | None = None


def climbs(files: Iterable[Path], configuration: Configuration, *, jobs: int = 0) -> Iterator[Climbs]:
    """What becomes of the findings of every file, in no certain order; nothing is written."""
    yield from spread(_climb_task, tasks_for(files, configuration), _lost, jobs=jobs)


def climbs_of(path: str, text: str, profile: Profile) -> Climbs:
    """What becomes of the findings of a text, suggestions included."""
    checker = Checker(Document.from_text(path, text), profile)
    found = []
    for problem in problems(checker, suggestions=True):
        if problem.report is None:
            continue
        line = problem.stretch.start.line
        fix = fix_of(checker, problem.chunk, problem.state, problem.report)
        if fix is None:
            found.append(Climb(problem.id, line))
            continue
        fall = attempt(checker, fix.edits, problem.report).fall
        climb = Climb(problem.id, line, fix.safe)
        found.append(climb._replace(rung=fall.rung, reason=fall.reason) if fall else climb)
    return Climbs(path, tuple(found))


def _climb_task(task: Task) -> Climbs:
    try:
        text = read(Path(task.path)).text
        if task.path.endswith(".ipynb"):
            text = read_notebook(text).text
    except (UnreadableError, NotebookError) as error:
        return Climbs(task.path, error=str(error))
    return climbs_of(task.path, text, task.profile)


def _lost(path: str, reason: str) -> Climbs:
    return Climbs(path, error=reason)
