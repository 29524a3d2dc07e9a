"""All that is known of real files, tried: findings, the edits that mend them, every safe fix to a fixpoint.

What must never happen is told in words, one line for each: a crash, a finding outside its file, an edit that falls
from the ladder, fixed code that does not parse, fixes that do not come to an end. That a rule has something to say of
the new code is the ladder's to see, and no fault: no pattern knows the others.
"""

import ast
import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document, Position, Range
from chatbt.specialists.registry import patterns
from chatbt.verification.ladder import Rung
from chatbt.workspace.check_pool import Task, spread
from chatbt.workspace.check_reading import UnreadableError, read
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.fixing import fix_all, fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt

PROFILE = Profile(frozenset(patterns()), FileFacts((3, 11)))


def sweep(files: Iterable[Path], *, jobs: int = 0) -> list[str]:
    """What is wrong in these files; `jobs` 0 means all cores."""
    tasks = [Task(str(file), PROFILE, file.stat().st_size) for file in files]
    assert tasks
    return sorted(fault for found in spread(_swept, tasks, _lost, jobs=jobs) for fault in found)


def _lost(path: str, reason: str) -> list[str]:
    return [f"{path}: {reason}"]


def _swept(task: Task) -> list[str]:
    with _logged_errors() as logged:
        try:
            faults = list(_faults(Path(task.path)))
        except Exception as error:
            faults = [f"{type(error).__name__}: {error}"]
            logging.getLogger("chatbt").exception("a crash")
    return [f"{task.path}:{fault}" for fault in [*faults, *logged]]


def _faults(path: Path) -> Iterator[str]:
    try:
        text = read(path).text
    except UnreadableError:
        return
    document = Document.from_text(path.name, text)
    checker = Checker(document, PROFILE)
    whole = Range(Position(1, 0), document.end)
    may_be_fixed = False
    for problem in problems(checker, suggestions=True):
        start = problem.stretch.start
        here = f"{start.line}:{start.column + 1} {problem.id}"
        if not whole.contains(problem.stretch) or (problem.report and start >= problem.stretch.end):
            yield f"{here} is found at {problem.stretch}, of {whole}"
        safe, fall = _tried(checker, problem)
        may_be_fixed = may_be_fixed or safe
        if fall:
            yield f"{here} falls: {fall}"
    if may_be_fixed:
        yield from _faults_of_fixing(checker)


def _tried(checker: Checker, problem: Problem) -> tuple[bool, str]:
    """Whether a problem has a safe fix, and why its fix falls, if it does."""
    if problem.report is None:
        return False, ""
    fix = fix_of(checker, problem.chunk, problem.state, problem.report)
    if fix is None:
        return False, ""
    fall = attempt(checker, fix.edits, problem.report).fall
    return fix.safe, str(fall) if fall and fall.rung is not Rung.NOTHING_NEW else ""


def _faults_of_fixing(checker: Checker) -> Iterator[str]:
    document = checker.document
    fixed = fix_all(checker, everything=True)
    for problem, fall in fixed.refused:
        if fall.rung is not Rung.NOTHING_NEW:
            yield f"{problem.stretch.start.line}: {problem.id} falls among other fixes: {fall}"
    after = fixed.checker.document.text
    if _parses(document.text) and not _parses(after):
        yield "1: does not parse when every safe fix is applied"
    again = fix_all(Checker(Document.from_text(document.uri, after), PROFILE), everything=True).applied
    if again:
        yield f"1: {dict(again)} are left when every safe fix has been applied"


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return False
    return True


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    """What our code logs as an error: a pattern that crashes is caught there."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    listener = Listener(logging.ERROR)
    ours = logging.getLogger("chatbt")
    ours.addHandler(listener)
    try:
        yield said
    finally:
        ours.removeHandler(listener)
