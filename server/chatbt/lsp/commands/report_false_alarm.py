"""The command behind "Report ... as a false alarm": a minimal case to copy into a report. Nothing is sent anywhere."""

import platform
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from chatbt import __version__
from chatbt.lsp.documents import Open
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, RefusedError
from chatbt.lsp.session import Session
from chatbt.lsp.showing import is_shown
from chatbt.lsp.uris import to_uri
from chatbt.source.document import Document, Position
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems


async def report_false_alarm(session: Session, arguments: Sequence[Any], token: Any) -> str:
    """Make the case of a finding, show it to the user, and return it."""
    match arguments:
        case [str(uri), str(rule), int(line), int(column)]:
            text = session.documents.get(uri)
        case _:
            raise RefusedError(INVALID_PARAMS, "reportFalseAlarm takes a URI, an id, a line and a column")
    start = Position(line, column)
    problem = text.find(rule, start) if text else None
    if text is None or problem is None:
        raise RefusedError(CONTENT_MODIFIED, f"{rule} is no longer found there")
    report = as_report(session, text, problem)
    path = Path(tempfile.mkdtemp(prefix="chatbt-")) / f"false-alarm-{rule}.md"
    path.write_text(report, encoding="utf-8", errors="surrogateescape")
    if not await is_shown(session, to_uri(path), take_focus=True):
        session.show(f"the report is in {path}", kind=3)
    return report


def as_report(session: Session, text: Open, problem: Problem) -> str:
    """The report: the code, what was said of it, versions and settings."""
    case, alone = minimal_case(text, problem)
    explained = session.folders.effective(text.path).explain() if session.folders else []
    settings = "\n".join(f"{one.key} = {one.value}" for one in explained)
    note = "" if alone else "\nThis code alone is not reported: it takes the rest of its file.\n"
    system = f"{platform.system()} {platform.machine()}"
    return (
        f"# False alarm: {problem.id} ({problem.name})\n\n"
        f"chatbt {__version__}, Python {platform.python_version()}, {system}\n\n"
        f"It says: {problem.message}\n\n```python\n{case}```\n{note}\n"
        f"Why this code is right:\n\n\n\nSettings:\n\n```toml\n{settings}\n```\n"
    )


def minimal_case(text: Open, problem: Problem) -> tuple[str, bool]:
    """The least code that shows the finding, and whether it shows it alone."""
    ways = list(_cases(text, problem))
    for case in ways:
        alone = Checker(Document.from_text("", case), text.checker.profile)
        if any(one.id == problem.id for one in problems(alone, suggestions=True)):
            return case, True
    return ways[-1], False


def _cases(text: Open, problem: Problem) -> Iterator[str]:
    """The statement, then with its class's header, the file's imports, or both; the whole chunk at last."""
    chunk = problem.chunk
    statement = _statement(problem)
    yield textwrap.dedent(statement)
    imports = "".join(_imports(text))
    yield imports + textwrap.dedent(statement)
    if chunk.owner is not None:
        statement = chunk.owner.parsed.text + statement
        yield statement
        yield imports + statement
    yield textwrap.dedent(chunk.parsed.text)


def _statement(problem: Problem) -> str:
    """The lines of the statement of the chunk's body that the finding is in."""
    chunk = problem.chunk
    parsed = chunk.parsed
    lines = Document.from_text("", parsed.text).lines
    line = problem.stretch.start.line - chunk.start
    for node in parsed.body:
        shift = 1 - parsed.first
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) + shift
        last = (node.end_lineno or node.lineno) + shift
        if first <= line <= last:
            return _ended("".join(lines[first - 1 : last]))
    return _ended(parsed.text)


def _imports(text: Open) -> Iterator[str]:
    import ast

    for chunk, _ in text.checker.chunks():
        for node in chunk.parsed.body:
            if isinstance(node, ast.Import | ast.ImportFrom) and chunk.parsed.role == "code":
                yield f"{ast.unparse(node)}\n"


def _ended(code: str) -> str:
    return code if code.endswith("\n") else f"{code}\n"
