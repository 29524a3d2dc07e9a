"""Where what an edit needs of the module is added: an import in the first block of imports, sorted; lines below all."""

import ast
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from chatbt.rewriting.fix import Edit, Import
from chatbt.source.document import Document, Position, Range

_Statements = Sequence[tuple[int, ast.stmt]]
_Imported = tuple[int, ast.Import | ast.ImportFrom]
# The sections of a block of imports, in their order.
_STANDARD, _OTHERS, _RELATIVE = range(3)


class _Spot(NamedTuple):
    """The line before which an import goes, and whether it is a section of its own there: above and below."""

    line: int
    above: int = 0
    below: int = 0


def import_edits(
    document: Document, statements: _Statements, needed: Iterable[Import], before: int = sys.maxsize
) -> list[Edit]:
    """The edits that add the `needed` imports. `statements` are the module's first ones, each with its line (from 1).

    They go behind the docstring and `from __future__`, into the first block of imports, to others of their section,
    where sorting puts them. A name joins an import from its module that stands above the line `before`.
    """
    edits: list[Edit] = []
    spots: dict[_Spot, list[Import]] = {}
    for wanted in sorted(dict.fromkeys(needed), key=_order):
        joined = _joined(document, statements, wanted, before)
        if joined is None:
            spots.setdefault(_spot(document, statements, wanted), []).append(wanted)
        else:
            edits.append(joined)
    newline = document.line_ending
    for spot, wanted_there in spots.items():
        start = line_start(document, spot.line)
        text = "".join(f"{line}{newline}" for line in _lines(wanted_there))
        edits.append(Edit(Range(start, start), newline * spot.above + text + newline * spot.below))
    return edits


def _lines(needed: list[Import]) -> list[str]:
    """The sorted imports as lines, names from one module in one."""
    lines: list[str] = []
    for (module, named), group in groupby(needed, key=lambda one: (one.module, bool(one.name))):
        names = ", ".join(one.name for one in group)
        lines.append(f"from {module} import {names}" if named else f"import {module}")
    return lines


def _order(wanted: Import) -> tuple[int, bool, str, str, str]:
    return _section(wanted.module), bool(wanted.name), wanted.module, wanted.name.lower(), wanted.name


def _section(module: str, level: int = 0) -> int:
    if level:
        return _RELATIVE
    return _STANDARD if module.partition(".")[0] in sys.stdlib_module_names else _OTHERS


def _joined(document: Document, statements: _Statements, wanted: Import, limit: int) -> Edit | None:
    """The edit that adds the name to a `from module import` of the same module, if there is one at the top."""
    for at, statement in statements:
        if at >= limit or not isinstance(statement, ast.ImportFrom) or statement.level or not wanted.name:
            continue
        if statement.module != wanted.module or statement.names[0].name == "*":
            continue
        before = [one for one in statement.names if one.name.lower() < wanted.name.lower()]
        neighbour = before[-1] if before else statement.names[0]
        line = at + neighbour.lineno - statement.lineno
        if _is_stacked(document, at, statement):
            return _stacked(document, neighbour, line, wanted.name, below=bool(before))
        column = (neighbour.end_col_offset if before else neighbour.col_offset) or 0
        place = Position(line, column)
        return Edit(Range(place, place), f", {wanted.name}" if before else f"{wanted.name}, ")
    return None


def _is_stacked(document: Document, at: int, statement: ast.ImportFrom) -> bool:
    """Whether every name has a line to itself, in brackets."""
    lines = [at + one.lineno - statement.lineno for one in statement.names]
    if lines[0] == at or len(set(lines)) < len(lines):
        return False
    return all(
        not _indent(document, line, one.col_offset).strip() for line, one in zip(lines, statement.names, strict=True)
    )


def _indent(document: Document, line: int, column: int) -> str:
    return document.line(line)[:column]


def _stacked(document: Document, neighbour: ast.alias, line: int, name: str, *, below: bool) -> Edit:
    """The edit that gives a name a line of its own, above or below that of its neighbour."""
    indent, newline = _indent(document, line, neighbour.col_offset), document.line_ending
    text, start = f"{indent}{name},{newline}", Position(line, 0)
    if below:
        start = Position(line + 1, 0)
        if not document.line(line).partition("#")[0].rstrip().endswith(","):
            text, start = f",{newline}{indent}{name}", Position(line, neighbour.end_col_offset or 0)
    return Edit(Range(start, start), text)


def line_start(document: Document, line: int) -> Position:
    """The start of a line, behind a byte order mark."""
    return Position(line, 3 if line == 1 and document.line(1).startswith("\ufeff") else 0)


def module_edits(document: Document, statements: _Statements, lines: Iterable[str]) -> list[Edit]:
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
    start = line_start(document, line)
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
    while _line(document, line).startswith("#"):
        line += 1
    return line


def _line(document: Document, line: int) -> str:
    """A line, without a byte order mark."""
    return document.line(line).removeprefix("\ufeff")


def _spot(document: Document, statements: _Statements, wanted: Import) -> _Spot:
    """Where an import goes that joins no other."""
    line, block = _block(document, statements)
    if not block:
        return _alone(document, line)
    section = _section(wanted.module)
    alike = _alike(block, section)
    if alike:
        lesser = [one for one in alike if _key(one[1]) < (wanted.name != "", wanted.module)]
        return _Spot(_behind(*lesser[-1]) if lesser else alike[0][0])
    lower = next((place for place, (_, one) in enumerate(block) if _section_of(one) > section), None)
    if lower is None:
        return _Spot(_behind(*block[-1]), above=1)
    # A comment right above the imports below says what they are; one at the top of the file speaks of all.
    above = block[lower][0]
    lowest = _behind(*block[lower - 1]) if lower else line
    while above > lowest and document.line(above - 1).lstrip().startswith("#"):
        above -= 1
    needs_line = above > 1 and document.line(above - 1).strip() != ""
    return _Spot(above, int(needs_line), 1)


def _alike(block: list[_Imported], section: int) -> list[_Imported]:
    """The first imports of the section that stand together, unless others that belong below it stand above them."""
    found: list[_Imported] = []
    for at, statement in block:
        if _section_of(statement) == section:
            found.append((at, statement))
        elif found or _section_of(statement) > section:
            break
    return found


def _alone(document: Document, line: int) -> _Spot:
    """The spot of a module's only import: blank lines around it, two above a definition."""
    count = len(document.lines)
    following = line
    while following <= count and not document.line(following).strip():
        following += 1
    wanted = 0
    if following <= count:
        wanted = 2 if _line(document, following).startswith(("def ", "class ", "async def ", "@")) else 1
    above = line > 1 and document.line(line - 1).strip() != ""
    return _Spot(line, int(above), max(0, wanted - (following - line)))


def _block(document: Document, statements: _Statements) -> tuple[int, list[_Imported]]:
    """The line behind what must come before any import, and the module's first imports that follow each other.

    The docstring and `from __future__` come before them; so may `__version__ = "1.0"` and the like.
    """
    line = _first_line(document)
    block: list[_Imported] = []
    for at, statement in statements:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not block and (docstring or future):
            line = _behind(at, statement)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            block.append((at, statement))
        elif block or not _is_about_module(statement):
            break
    return line, block


def _is_about_module(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() | ast.List() | ast.Tuple()):
            return name.startswith("__") and name.endswith("__")
    return False


def _behind(at: int, statement: ast.stmt) -> int:
    """The line below a statement that starts at a line."""
    return at + (statement.end_lineno or statement.lineno) - statement.lineno + 1


def _section_of(statement: ast.Import | ast.ImportFrom) -> int:
    if isinstance(statement, ast.ImportFrom):
        return _section(statement.module or "", statement.level)
    return _section(statement.names[0].name)


def _key(statement: ast.Import | ast.ImportFrom) -> tuple[bool, str]:
    if isinstance(statement, ast.ImportFrom):
        return True, "." * statement.level + (statement.module or "")
    return False, statement.names[0].name
