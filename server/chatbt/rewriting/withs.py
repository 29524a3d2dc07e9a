"""Put statements that follow one another into a new `with`."""

import ast
from collections.abc import Iterable, Sequence

from chatbt.analysis.flow import ancestors
from chatbt.analysis.outer import parent
from chatbt.rewriting.blocks import holds_long_string
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range


def indented(statements: Sequence[ast.stmt], rewrite: Rewrite, leave: Range | None = None) -> list[Edit] | None:
    """The edits that indent `statements`, and the comments between them, one step deeper.

    Lines that start inside `leave`, which another edit replaces, are left as they are. None if a statement shares its
    lines or holds a string over several lines, which indentation would change.
    """
    if not (rewrite.stands_alone(statements[0]) and rewrite.stands_alone(statements[-1])):
        return None
    if holds_long_string(statements, rewrite):
        return None
    unit = indent_unit(statements[0], rewrite)
    numbers = range(rewrite.place(statements[0]).start.line, rewrite.place(statements[-1]).end.line + 1)
    starts = (Position(number, 0) for number in numbers if rewrite.line(number).strip())
    return [Edit(Range(one, one), unit) for one in starts if leave is None or not leave.start < one < leave.end]


def indent_unit(statement: ast.stmt, rewrite: Rewrite) -> str:
    """The white space of one step of indentation around `statement`; four spaces where nothing tells."""
    for outer, inner in _pairs(statement):
        if rewrite.stands_alone(outer) and rewrite.stands_alone(inner):
            unit = rewrite.indent(inner).removeprefix(_indent_around(inner, outer, rewrite))
            if unit:
                return unit
    return "    "


def _indent_around(inner: ast.stmt, outer: ast.stmt, rewrite: Rewrite) -> str:
    """The white space before the line that `inner` is one step deeper than: that of `outer`, or of its `case`."""
    case = parent(inner)
    if not isinstance(case, ast.match_case):
        return rewrite.indent(outer)
    line = rewrite.line(rewrite.place(case.pattern).start.line)
    return line[: len(line) - len(line.lstrip())]


def _pairs(statement: ast.stmt) -> Iterable[tuple[ast.stmt, ast.stmt]]:
    """Statements and ones in their bodies, nearest to `statement` first."""
    body = getattr(statement, "body", None)
    if body:
        yield statement, body[0]
    inner = statement
    for around in ancestors(statement):
        if isinstance(around, ast.stmt):
            yield around, inner
            inner = around
