"""Imports that edits leave unused are taken out with them, where nothing else in the file so much as mentions the name.

Another file may import the name from here, so an `__init__.py` keeps all; what is imported must do nothing when it is
imported that could be missed, as the standard library's modules and the packages that a fix takes the place of.
"""

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Position, Range

_PLAIN = sys.stdlib_module_names | {"dateutil", "pytz"}
_RUNS_TEXT = re.compile(r"\b(?:eval|exec)\b")


class _Bound(NamedTuple):
    """An import that binds a name: the line of its statement, the statement, and which of its names it is."""

    line: int
    statement: ast.Import | ast.ImportFrom
    which: int

    def place(self, alias: ast.alias) -> Range:
        shift = self.line - self.statement.lineno
        return Range.of(
            alias.lineno, alias.col_offset, alias.end_lineno or alias.lineno, alias.end_col_offset or 0
        ).shifted(shift)


def without_unused(
    document: Document, statements: Sequence[tuple[int, ast.stmt]], names: Iterable[str], edits: Sequence[Edit]
) -> list[Edit]:
    """`edits`, and with them the removal of the imports of those `names` that they leave unused.

    `statements` are the module's first ones, each with its line. An import that the edits add to a statement takes the
    place of one that goes.
    """
    found = list(edits)
    unused: dict[int, list[_Bound]] = {}
    for name in dict.fromkeys(names):
        bound = _bound(statements, name)
        if bound is not None and _is_unused(document, bound, name, edits):
            unused.setdefault(bound.line, []).append(bound)
    for together in unused.values():
        if together[0].statement.end_lineno == together[0].statement.lineno:
            found = _out_of_line(document, together, found)
        elif len(together) < len(together[0].statement.names):
            for one in together:
                found = _out_of_block(document, one, found)
    return found


def _bound(statements: Sequence[tuple[int, ast.stmt]], name: str) -> _Bound | None:
    """The only import of `name` among `statements`, if nothing else happens in it that could be missed."""
    bound = [
        _Bound(line, statement, index)
        for line, statement in statements
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for index, alias in enumerate(statement.names)
        if (alias.asname or alias.name) == name
    ]
    if len(bound) != 1:
        return None
    (only,) = bound
    alias = only.statement.names[only.which]
    if isinstance(only.statement, ast.ImportFrom):
        module = only.statement.module or "" if not only.statement.level else ""
    else:
        module = alias.name
    is_exported = alias.asname == alias.name  # `import a as a` says that it is there for others
    return only if module.partition(".")[0] in _PLAIN and not is_exported else None


def _is_unused(document: Document, bound: _Bound, name: str, edits: Sequence[Edit]) -> bool:
    """Whether after the edits the file mentions `name`, be it in a string or comment, in its import alone.

    What stands behind a dot is another thing's.
    """
    text = document.text
    if _RUNS_TEXT.search(text) or re.search(r"(?:^|[/\\])__init__\.py$", document.uri):
        return False
    mention = re.compile(rf"(?<![\w.]){re.escape(name)}\b")
    height = (bound.statement.end_lineno or bound.statement.lineno) - bound.statement.lineno
    own = "\n".join(document.line(number) for number in range(bound.line, bound.line + height + 1))
    before = len(mention.findall(text))
    gone = sum(len(mention.findall(document.slice(edit.stretch))) for edit in edits)
    come = sum(len(mention.findall(edit.text)) for edit in edits)
    return gone > 0 and before - gone + come == len(mention.findall(own))


def _out_of_line(document: Document, together: Sequence[_Bound], edits: list[Edit]) -> list[Edit]:
    """The names taken out of an import that has its one line to itself."""
    bound = together[0]
    statement, line = bound.statement, document.line(bound.line)
    whole = Range(Position(bound.line, 0), Position(bound.line, statement.end_col_offset or 0))
    if statement.col_offset or document.slice(whole) != line.rstrip() or "(" in line or "#" in line:
        return edits
    first, last = bound.place(statement.names[0]), bound.place(statement.names[-1])
    gone = {one.which for one in together}
    kept = [one for index, one in enumerate(statement.names) if index not in gone]
    names = [document.slice(bound.place(one)) for one in kept]
    added = [one for one in edits if one.stretch.start.line == bound.line and one.stretch.start.column > 0]
    for one in added:
        if one.stretch.start != one.stretch.end:
            return edits
        wanted = one.text.strip(", ")
        lower = [index for index, name in enumerate(names) if name.lower() < wanted.lower()]
        names.insert(lower[-1] + 1 if lower else 0, wanted)
    rest = [one for one in edits if one not in added]
    if names:
        return [*rest, Edit(Range(first.start, last.end), ", ".join(names))]
    return [*rest, _whole_line(document, bound.line, rest)]


def _whole_line(document: Document, line: int, edits: Sequence[Edit]) -> Edit:
    """The removal of an import's line, and of the blank lines behind it that would be too many."""
    inserted = [
        one for one in edits if one.stretch.start == one.stretch.end and one.stretch.start.line - line in (0, 1)
    ]
    is_gap = any(re.search(r"\n\r?\n\Z", one.text) for one in inserted if one.stretch.start.line == line)
    stop = line + 1
    while stop < len(document.lines) and not document.line(stop).strip():
        stop += 1
    if inserted:
        stop = min(stop, line + 2) if is_gap else line + 1  # the new import has brought a blank line along
    elif line > 1 and document.line(line - 1).strip():
        stop = line + 1
    return Edit(Range(Position(line, 0), Position(stop, 0)), "")


def _out_of_block(document: Document, bound: _Bound, edits: list[Edit]) -> list[Edit]:
    """The name taken out of an import in brackets, in which it has a line to itself."""
    place = bound.place(bound.statement.names[bound.which])
    line = document.line(place.start.line)
    text = document.slice(place)
    if not re.fullmatch(rf"\s+{re.escape(text)},\s*", line):
        return edits
    added = [one for one in edits if one.stretch.start == one.stretch.end and one.stretch.start in place]
    rest = [one for one in edits if one not in added]
    if added:
        return [*rest, Edit(place, ", ".join(one.text.strip(", ") for one in added))]
    return [*rest, Edit(Range(Position(place.start.line, 0), Position(place.start.line + 1, 0)), "")]
