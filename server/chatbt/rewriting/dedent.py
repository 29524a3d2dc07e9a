"""Take statements out of the block they stand in: their lines move to the left, what is inside strings stays."""

import ast
from collections.abc import Iterable, Sequence

from chatbt.analysis.flow import ancestors
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import string_parts
from chatbt.source.document import Position, Range


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
        if number not in within and rewrite.line(number).startswith(old)
    ]


def begins_line(statement: ast.stmt, rewrite: Rewrite) -> bool:
    """Whether nothing stands before a statement on its line, and the line above does not go on there."""
    start = rewrite.place(statement).start
    if rewrite.line(start.line)[: start.column].strip():
        return False
    is_first = start.line <= rewrite.walked.parsed.first
    return is_first or not rewrite.line(start.line - 1).endswith("\\")


def lines_in_strings(nodes: Iterable[ast.AST], rewrite: Rewrite) -> set[int]:
    """The lines that start inside a string literal."""
    found: set[int] = set()
    for one in nodes:
        for node in ast.walk(one):
            is_string = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
            if not is_string and not isinstance(node, ast.JoinedStr):
                continue
            if any(isinstance(around, ast.JoinedStr) for around in ancestors(node)):
                continue  # a part of it, whose place is not the one that is written
            whole = rewrite.place(node)
            if whole.start.line != whole.end.line:
                stretches = [one.stretch for one in string_parts(node, rewrite)] or [whole]
                for start, end in stretches:
                    found.update(range(start.line + 1, end.line + 1))
    return found
