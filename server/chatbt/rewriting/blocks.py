"""Moving a block of statements to another depth: its lines, and the comments that belong to it."""

import ast
from collections.abc import Sequence

from chatbt.analysis.flow import ancestors
from chatbt.analysis.places import comments
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import string_parts
from chatbt.source.document import Position, Range


def outdented(
    block: Sequence[ast.stmt], indent: str, rewrite: Rewrite, leave: Range | None = None
) -> list[Edit] | None:
    """The edits that move the lines of `block` to the indentation `indent`, a shorter one.

    The comments above it, and those below that are as deep as it is, move too; lines that start inside `leave`, which
    another edit replaces, do not. None if a statement shares its lines or holds a string over several lines, which
    indentation would change.
    """
    if not (rewrite.stands_alone(block[0]) and rewrite.stands_alone(block[-1])) or holds_long_string(block, rewrite):
        return None
    old = rewrite.indent(block[0])
    if not old.startswith(indent):
        return None
    own = {one.start.line for one in comments(rewrite.walked) if one.own_line}
    starts = {node.lineno for one in block for node in ast.walk(one) if isinstance(node, ast.stmt)}
    edits = []
    for number in range(_first(block[0], own, rewrite), _last(block[-1], own, old, rewrite) + 1):
        line = rewrite.line(number)
        inside = leave is not None and leave.start < Position(number, 0) <= leave.end
        if line.startswith(old) and line.strip() and not inside:
            edits.append(Edit(Range(Position(number, len(indent)), Position(number, len(old))), ""))
        elif number in starts and not inside:
            return None
    return edits


def _first(statement: ast.stmt, own: set[int], rewrite: Rewrite) -> int:
    """The first line of a block whose first statement is `statement`, decorators and the comments above included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    number = rewrite.place(decorators[0] if decorators else statement).start.line
    first, above = number, number - 1
    while above in own or (above >= rewrite.walked.parsed.first and not rewrite.line(above).strip()):
        if above in own:
            first = above
        above -= 1
    return first


def _last(statement: ast.stmt, own: set[int], indent: str, rewrite: Rewrite) -> int:
    """The last line of a block whose last statement is `statement`, the comments below at its depth included."""
    last = rewrite.place(statement).end.line
    for number in range(last + 1, max(own, default=0) + 1):
        line = rewrite.line(number)
        if line.strip() and not (number in own and line.startswith(indent)):
            break
        if line.strip():
            last = number
    return last


def holds_long_string(block: Sequence[ast.AST], rewrite: Rewrite) -> bool:
    """Whether a string literal in `block` goes over several lines; one that is put together of several does not."""
    return any(
        node.__dict__["lineno"] != node.__dict__["end_lineno"] and _is_long(node, rewrite)
        for one in block
        for node in ast.walk(one)
        if _is_string(node) and not any(isinstance(around, ast.JoinedStr) for around in ancestors(node))
    )


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _is_long(node: ast.AST, rewrite: Rewrite) -> bool:
    parts = string_parts(node, rewrite)
    return not parts or any(part.stretch.start.line != part.stretch.end.line for part in parts)
