"""One file: its findings as plain values."""

import ast
from hashlib import blake2b
from pathlib import Path

from chatbt.analysis.finding import Severity
from chatbt.analysis.flow import ancestors
from chatbt.source.chunks import Chunk
from chatbt.source.document import Document, Position
from chatbt.source.notebook import Notebook, NotebookError, read_notebook
from chatbt.workspace.cache import digest, stamped
from chatbt.workspace.check_pool import Task
from chatbt.workspace.check_reading import UnreadableError, decoded
from chatbt.workspace.check_result import PlainEdit, PlainFix, Record, Result
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import SYNTAX_ERROR, Problem, problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def check_text(path: str, text: str, profile: Profile, *, fixes: bool, suggestions: bool = False) -> tuple[Record, ...]:
    """The findings of a text, suggestions too if asked for; `fixes` adds those that reach the top of the ladder."""
    checker = Checker(Document.from_text(path, text), profile)
    return tuple(_record(problem, checker, fixes=fixes) for problem in problems(checker, suggestions=suggestions))


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


def check_task(task: Task, *, fixes: bool, suggestions: bool = False) -> Result:
    """The findings of a file on the disk, or why it cannot be read.

    A file that can be read but not decoded has a finding that says so.
    """
    path = Path(task.path)
    try:
        stamp = stamped(path)  # before it is read: a change in between is seen the next time
        raw = path.read_bytes()
    except OSError as error:
        return Result(task.path, error=f"cannot be read ({error.strerror})")
    records = check_bytes(path, raw, task.profile, fixes=fixes, suggestions=suggestions)
    return Result(task.path, records, None, stamp, digest(raw))


def check_bytes(
    path: Path, raw: bytes, profile: Profile, *, fixes: bool, suggestions: bool = False
) -> tuple[Record, ...]:
    """The findings of a file that holds these bytes."""
    try:
        text = decoded(path, raw).text
        if path.suffix == ".ipynb":
            return _check_notebook(path, text, profile, suggestions=suggestions)
    except UnreadableError as error:
        return (_undecodable(str(error), error.line or 1),)
    except NotebookError as error:
        return (_undecodable(str(error), 1),)
    return check_text(str(path), text, profile, fixes=fixes, suggestions=suggestions)


def _undecodable(reason: str, row: int) -> Record:
    severity = Severity.ERROR.value
    known = fingerprint(SYNTAX_ERROR, reason, "")
    return Record(SYNTAX_ERROR, SYNTAX_ERROR, reason, severity, row, 1, row, 1, True, known)


def _check_notebook(path: Path, text: str, profile: Profile, *, suggestions: bool) -> tuple[Record, ...]:
    """The findings in a notebook's cells, without fixes: files of notebooks are left as they are."""
    notebook = read_notebook(text)
    records = check_text(str(path), notebook.text, profile, fixes=False, suggestions=suggestions)
    return tuple(_in_cell(record, notebook) for record in records)


def _in_cell(record: Record, notebook: Notebook) -> Record:
    """A finding in the rows of its cell."""
    cell, row = notebook.place(record.row)
    shift = row - record.row
    related = tuple((line + shift, column, message) for line, column, message in record.related)
    return record._replace(row=row, end_row=record.end_row + shift, related=related, cell=cell)
