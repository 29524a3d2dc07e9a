"""The `except` clauses of a `try` as lines: each has lines of its own, and the comments above it are part of it."""

import ast
from collections.abc import Sequence

from chatbt.analysis.places import comments
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range


def moved_above(handlers: Sequence[ast.ExceptHandler], index: int, before: int, rewrite: Rewrite) -> list[Edit]:
    """The edits that move one of a `try`'s handlers, comments and all, above the earlier one at `before`.

    Blank lines between the two stay where they were.
    """
    first, last = _lines(handlers, index, rewrite)
    gap = first
    while not rewrite.line(gap - 1).strip():
        gap -= 1
    target = _lines(handlers, before, rewrite)[0]
    moved = "".join(rewrite.line(number) + rewrite.newline for number in (*range(first, last + 1), *range(gap, first)))
    end = Position(last, len(rewrite.line(last).encode("utf-8", "surrogatepass")))
    before_gap = Position(gap - 1, len(rewrite.line(gap - 1).encode("utf-8", "surrogatepass")))
    return [Edit(Range(Position(target, 0), Position(target, 0)), moved), Edit(Range(before_gap, end), "")]


def name_of(handler: ast.ExceptHandler, rewrite: Rewrite) -> Range | None:
    """The place of ` as name` in a handler's header, the white space before it included; None if it has none."""
    if handler.type is None or handler.name is None:
        return None
    end = rewrite.place(handler.body[0]).start
    return rewrite.token(rewrite.place(handler.type).end, end, rf"\s*\bas\s+{handler.name}\b")


def name_place(handler: ast.ExceptHandler, rewrite: Rewrite) -> Position | None:
    """Where ` as name` can be put into a handler's header; None if it names no class or has a name."""
    if handler.type is None or handler.name is not None:
        return None
    colon = rewrite.token(rewrite.place(handler.type).end, rewrite.place(handler.body[0]).start, r"\s*:")
    return colon.start if colon else None


def _lines(handlers: Sequence[ast.ExceptHandler], index: int, rewrite: Rewrite) -> tuple[int, int]:
    """The first and the last line of a handler, with the comments at its own depth above and at its body's below."""
    handler = handlers[index]
    start, end = rewrite.place(handler)
    first, last = start.line, end.line
    own = {one.start.line: one.start.column for one in comments(rewrite.walked) if one.own_line}
    while own.get(first - 1, start.column + 1) <= start.column:
        first -= 1
    for number in range(last + 1, max(own, default=0) + 1):
        if rewrite.line(number).strip() and own.get(number, 0) <= start.column:
            break
        if number in own:
            last = number
    return first, last
