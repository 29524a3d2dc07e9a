"""Where what an edit needs of the module is added: an import in the first block of imports, sorted; lines below all."""

import ast
from collections.abc import Iterable, Sequence

from chatbt.rewriting.fix import Edit, Import
from chatbt.source.document import Document, Position, Range


def import_edits(
    document: Document, statements: Sequence[tuple[int, ast.stmt]], needed: Iterable[Import]
) -> list[Edit]:
    """The edits that add the `needed` imports. `statements` are the module's first ones, each with its line (from 1).

    They go behind the docstring and `from __future__`, into the first block of imports where sorting puts them.
    """
    edits: list[Edit] = []
    for wanted in dict.fromkeys(needed):
        joined = _joined(statements, wanted)
        if joined is None:
            start = _start(document, _line(document, statements, wanted))
            joined = Edit(Range(start, start), f"{wanted}{document.line_ending}")
        edits.append(joined)
    return edits


def _joined(statements: Sequence[tuple[int, ast.stmt]], wanted: Import) -> Edit | None:
    """The edit that adds the name to a `from module import` of the same module, if there is one at the top."""
    for at, statement in statements:
        if not isinstance(statement, ast.ImportFrom) or statement.level or not wanted.name:
            continue
        if statement.module != wanted.module or statement.names[0].name == "*":
            continue
        before = [one for one in statement.names if one.name.lower() < wanted.name.lower()]
        neighbour = before[-1] if before else statement.names[0]
        line = at + neighbour.lineno - statement.lineno
        column = (neighbour.end_col_offset if before else neighbour.col_offset) or 0
        place = Position(line, column)
        return Edit(Range(place, place), f", {wanted.name}" if before else f"{wanted.name}, ")
    return None


def _start(document: Document, line: int) -> Position:
    """The start of a line, behind a byte order mark."""
    return Position(line, 3 if line == 1 and document.line(1).startswith("\ufeff") else 0)


def module_edits(document: Document, statements: Sequence[tuple[int, ast.stmt]], lines: Iterable[str]) -> list[Edit]:
    """The edit that adds `lines` to the module, below the imports among its first `statements`, blank lines around."""
    text = "".join(f"{line}{document.line_ending}" for line in dict.fromkeys(lines))
    if not text:
        return []
    line = _first_line(document)
    for at, statement in statements:
        if _is_preamble(statement):
            line = at + (statement.end_lineno or statement.lineno) - statement.lineno + 1
    above = document.line_ending if line > 1 else ""
    below = document.line_ending if line <= len(document.lines) and document.line(line).strip() else ""
    start = _start(document, line)
    return [Edit(Range(start, start), above + text + below)]


def _is_preamble(statement: ast.stmt) -> bool:
    """Whether a statement is an import, imports under a condition, or a docstring."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(body=body) | ast.Try(body=body):
            return any(_is_preamble(one) for one in body)
    return False


def _first_line(document: Document) -> int:
    """The line below the comments at the very top: `#!`, the encoding, the licence."""
    line = 1
    while document.line(line).startswith("#"):
        line += 1
    return line


def _line(document: Document, statements: Sequence[tuple[int, ast.stmt]], wanted: Import) -> int:
    """The line before which the import goes."""
    line = _first_line(document)
    in_block = False
    for at, statement in statements:
        height = (statement.end_lineno or statement.lineno) - statement.lineno + 1
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if docstring or future:
            line = at + height
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            if not in_block:
                line, in_block = at, True
            if _key(statement) < (wanted.name != "", wanted.module):
                line = at + height
        else:
            break
    return line


def _key(statement: ast.Import | ast.ImportFrom) -> tuple[bool, str]:
    if isinstance(statement, ast.ImportFrom):
        return True, "." * statement.level + (statement.module or "")
    return False, statement.names[0].name
