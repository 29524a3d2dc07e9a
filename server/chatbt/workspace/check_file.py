"""One file: its findings as plain values."""

import ast
from hashlib import blake2b
from pathlib import Path

from chatbt.analysis.flow import ancestors
from chatbt.source.chunks import Chunk
from chatbt.source.document import Document, Position
from chatbt.workspace.cache import digest, stamped
from chatbt.workspace.check_pool import Task
from chatbt.workspace.check_reading import UnreadableError, decoded
from chatbt.workspace.check_result import PlainEdit, PlainFix, Record, Result
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def check_text(path: str, text: str, profile: Profile, *, fixes: bool) -> tuple[Record, ...]:
    """The findings of a text; with `fixes`, each with the fix that reaches the top of the ladder."""
    checker = Checker(Document.from_text(path, text), profile)
    return tuple(_record(problem, checker, fixes=fixes) for problem in problems(checker))


def _record(problem: Problem, checker: Checker, *, fixes: bool) -> Record:
    document = checker.document
    start, end = problem.stretch
    return Record(
        problem.id,
        problem.name,
        problem.message,
        problem.severity.value,
        *_place(document, start),
        *_place(document, end),
        problem.shown,
        fingerprint(problem.id, document.slice(problem.stretch), _symbol(problem)),
        tuple((*_place(document, place.start), message) for place, message in problem.related),
        _fix(problem, checker) if fixes else None,
    )


def _place(document: Document, position: Position) -> tuple[int, int]:
    row, column = document.to_points(position)
    return row, column + 1


def _fix(problem: Problem, checker: Checker) -> PlainFix | None:
    if problem.report is None:
        return None
    fix = fix_of(checker, problem.chunk, problem.state, problem.report)
    if fix is None or attempt(checker, fix.edits, problem.report).checker is None:
        return None
    edits = tuple(
        PlainEdit(*_place(checker.document, edit.stretch.start), *_place(checker.document, edit.stretch.end), edit.text)
        for edit in fix.edits
    )
    return PlainFix("safe" if fix.safe else "unsafe", fix.title, edits)


def fingerprint(rule: str, text: str, symbol: str) -> str:
    """What a finding is called wherever it stands: white space and line numbers play no part."""
    words = "\0".join((rule, " ".join(text.split()), symbol))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _symbol(problem: Problem) -> str:
    """The dotted name of the innermost definition that a finding is in; empty at the module's level."""
    names = _class_of(problem.chunk)
    if problem.report is not None:
        node = problem.report.finding.node
        inside = [node, *ancestors(node)]
        names += [one.name for one in reversed(inside) if isinstance(one, _DEFINITIONS) and one.name != "_"]
    return ".".join(names)


def _class_of(chunk: Chunk) -> list[str]:
    """The class that a chunk of members is in."""
    if chunk.owner is None:
        return []
    return [one.name for one in chunk.owner.parsed.body if isinstance(one, ast.ClassDef)]


def check_task(task: Task, *, fixes: bool) -> Result:
    """The findings of a file on the disk, or why it cannot be read."""
    path = Path(task.path)
    try:
        stamp = stamped(path)  # before it is read: a change in between is seen the next time
        raw = path.read_bytes()
    except OSError as error:
        return Result(task.path, error=f"cannot be read ({error.strerror})")
    try:
        text = decoded(path, raw).text
    except UnreadableError as error:
        return Result(task.path, (), str(error), stamp, digest(raw))
    records = check_text(task.path, text, task.profile, fixes=fixes)
    return Result(task.path, records, None, stamp, digest(raw))
