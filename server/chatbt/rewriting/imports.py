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
        line = _line(statements, wanted)
        start = Position(line, 0)
        edits.append(Edit(Range(start, start), f"{wanted}{document.line_ending}"))
    return edits


def module_edits(document: Document, statements: Sequence[tuple[int, ast.stmt]], lines: Iterable[str]) -> list[Edit]:
    """The edit that adds `lines` to the module, below the imports among its first `statements`, blank lines around."""
    text = "".join(f"{line}{document.line_ending}" for line in dict.fromkeys(lines))
    if not text:
        return []
    line = 1
    for at, statement in statements:
        if _is_preamble(statement):
            line = at + (statement.end_lineno or statement.lineno) - statement.lineno + 1
    above = document.line_ending if line > 1 else ""
    below = document.line_ending if line <= len(document.lines) and document.line(line).strip() else ""
    start = Position(line, 0)
    return [Edit(Range(start, start), above + text + below)]


def _is_preamble(statement: ast.stmt) -> bool:
    """Whether a statement is an import, imports under a condition, or a docstring."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(body=body) | ast.Try(body=body):
            return any(_is_preamble(one) for one in body)
    return False


def _line(statements: Sequence[tuple[int, ast.stmt]], wanted: Import) -> int:
    """The line before which the import goes."""
    line = 1
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
