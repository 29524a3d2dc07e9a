"""Moving a block of statements to another depth: its lines, and the comments that belong to it."""

import ast
from collections.abc import Iterable, Sequence

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
    own = {one.start.line for one in comments(rewrite.walked) if one.own_line}
    moved = dedented(block, _first(block[0], own, rewrite), _last(block[-1], own, old, rewrite), indent, rewrite)
    if moved is None:
        return None
    left: set[int] = set()
    if leave is not None:
        left.update(line for line in range(leave.start.line, leave.end.line + 1) if leave.start < Position(line, 0))
    starts = {node.lineno for one in block for node in ast.walk(one) if isinstance(node, ast.stmt)}
    if not starts <= {edit.stretch.start.line for edit in moved} | left:
        return None
    return [edit for edit in moved if edit.stretch.start.line not in left]


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


def dedented(statements: Sequence[ast.stmt], first: int, last: int, indent: str, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that move lines `first` to `last`, which hold `statements`, from their indentation to `indent`.

    Comments that stand further left stay where they are. None if the first statement does not begin its line.
    """
    if not begins_line(statements[0], rewrite):
        return None
    old = rewrite.indent(statements[0])
    if not old.startswith(indent) or old == indent:
        return None
    unit = old.removeprefix(indent)
    within = lines_in_strings(statements, rewrite)
    return [
        Edit(Range(Position(number, len(indent)), Position(number, len(indent) + len(unit))), "")
        for number in range(first, last + 1)
        if number not in within and rewrite.line(number).startswith(old) and rewrite.line(number).strip()
    ]


def begins_line(statement: ast.stmt, rewrite: Rewrite) -> bool:
    """Whether nothing stands before a statement on its line, and the line above does not go on there."""
    start = rewrite.place(statement).start
    if rewrite.line(start.line)[: start.column].strip():
        return False
    is_first = start.line <= rewrite.walked.parsed.first
    return is_first or not rewrite.line(start.line - 1).endswith("\\")


def holds_long_string(block: Sequence[ast.AST], rewrite: Rewrite) -> bool:
    """Whether a string literal in `block` goes over several lines; one that is put together of several does not."""
    return bool(lines_in_strings(block, rewrite))


def lines_in_strings(statements: Iterable[ast.AST], rewrite: Rewrite) -> set[int]:
    """The lines that start inside a string literal."""
    found: set[int] = set()
    for statement in statements:
        for node in ast.walk(statement):
            is_string = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
            if not is_string and not isinstance(node, ast.JoinedStr):
                continue
            if any(isinstance(around, ast.JoinedStr) for around in ancestors(node)):
                continue  # what it is part of holds its lines
            whole = rewrite.place(node)
            if whole.start.line != whole.end.line:
                stretches = [one.stretch for one in string_parts(node, rewrite)] or [whole]
                for start, end in stretches:
                    found.update(range(start.line + 1, end.line + 1))
    return found
