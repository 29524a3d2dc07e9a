"""From a report to the edits of its file: the pattern's fix, settled, with the imports it needs."""

import ast

from chatbt.rewriting.fix import Fix
from chatbt.rewriting.imports import import_edits
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.settle import settle
from chatbt.source.chunks import Chunk
from chatbt.specialists.run import Report
from chatbt.workspace.checker import Checker, State


def fix_of(checker: Checker, chunk: Chunk, state: State, report: Report) -> Fix | None:
    """The fix of a report, its edits in the document's positions; None if it has none."""
    make = report.pattern.make_fix
    if make is None:
        return None
    rewrite = Rewrite(state.walked)
    fix = make(report.finding, report.scope, rewrite)
    if fix is None:
        return None
    fix = settle(fix, state.walked)
    edits = [edit.shifted(chunk.start + 1 - state.walked.parsed.first) for edit in fix.edits]
    edits += import_edits(checker.document, _statements(checker), rewrite.imports)
    return Fix(fix.title, fix.safe, tuple(edits))


def _statements(checker: Checker) -> list[tuple[int, ast.stmt]]:
    """The statements at the top of the module, before the first definition, each with its line."""
    found: list[tuple[int, ast.stmt]] = []
    for chunk, state in checker.chunks():
        if chunk.parsed.role != "code":
            break
        shift = chunk.start + 1 - state.walked.parsed.first
        found += [(statement.lineno + shift, statement) for statement in chunk.parsed.body]
    return found
