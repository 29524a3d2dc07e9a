"""No `try` whose handlers only raise again

## What it does
Finds a `try` all of whose handlers do nothing but raise the same exception again.

## Why
An exception that nobody catches goes on by itself. The `try` promises that something is done about errors, and the
reader looks for it in vain; the code that matters stands one level too deep.

## Example
    def load(path):
        try:
            return parse(path)
        except ValueError:
            raise

Better:
    def load(path):
        return parse(path)

## When the fix is safe
When the handlers name only builtin exceptions, or names that an import or a class statement binds: evaluating anything
else may fail, and then another error comes out. There is no fix where the comment behind `try:` would be lost, and
nothing is said of handlers with a comment: it says why they are there.

## References
- The Python Language Reference, 8.4 The try statement
"""

import ast

from chatbt.analysis.exceptions import is_certain
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import position
from chatbt.analysis.places import comments
from chatbt.analysis.scopes import Scope
from chatbt.analysis.suppression import only_silences
from chatbt.rewriting.blocks import dedented
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import line_end
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY044", since="0.1", ruff=("TRY203",))
def useless_try_except(statement: ast.Try, scope: Scope) -> Findings:
    if statement.orelse or not statement.handlers or not all(map(_only_raises, statement.handlers)):
        return
    if _is_explained(statement, scope):
        return
    names = [ast.unparse(one.type) for one in statement.handlers if one.type is not None]
    what = ", ".join(f"`{name}`" for name in names) or "any error"
    (line, column, *_), (*_, end_line, end_column) = map(position, (statement.handlers[0], statement.handlers[-1]))
    stretch = Range.of(line, column, end_line, end_column)
    yield Finding(statement, f"{what} is caught here only to be raised again", stretch=stretch)


def _is_explained(statement: ast.Try, scope: Scope) -> bool:
    """Whether a comment in the handlers, or above them, says why they are there."""
    if scope.chunk is None:
        return False
    first, last = statement.handlers[0], statement.handlers[-1]
    above = range((statement.body[-1].end_lineno or 0) + 1, first.lineno)
    return any(
        first.lineno <= one.start.line <= (last.end_lineno or 0)
        or (one.own_line and one.start.column <= first.col_offset and one.start.line in above)
        for one in comments(scope.chunk)
        if not only_silences(one.text)
    )


def _only_raises(handler: ast.ExceptHandler) -> bool:
    match handler.body:
        case [ast.Raise(exc=None)]:
            return True
        case [ast.Raise(exc=ast.Name(id=name), cause=None)]:
            return name == handler.name
    return False


@useless_try_except.fix
def drop_the_handlers(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement = finding.node
    assert isinstance(statement, ast.Try)
    if not rewrite.stands_alone(statement):
        return None
    edits = _without_handlers(statement, rewrite) if statement.finalbody else _without_try(statement, rewrite)
    if edits is None:
        return None
    make = safe if all(_is_unseen(one, scope) for one in statement.handlers) else review
    return make("Remove the handlers" if statement.finalbody else "Remove the `try`", *edits)


def _is_unseen(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether the handler is proven to leave no trace: no class that cannot be evaluated, no variable unbound."""
    bindings = scope.bindings_of(handler.name) if handler.name else []
    return all(isinstance(one, ast.ExceptHandler) for one in bindings) and (
        handler.type is None or is_certain(handler.type, scope)
    )


def _without_handlers(statement: ast.Try, rewrite: Rewrite) -> list[Edit] | None:
    first = rewrite.place(statement.handlers[0]).start
    last = rewrite.place(statement.handlers[-1]).end
    final = rewrite.token(last, rewrite.place(statement.finalbody[0]).start, r"finally\b")
    if final is None or _has_comments(first.line, final.start.line - 1, rewrite):
        return None  # one below the handlers
    return [Edit(Range(Position(first.line, 0), Position(final.start.line, 0)), "")]


def _without_try(statement: ast.Try, rewrite: Rewrite) -> list[Edit] | None:
    start, end = rewrite.place(statement)
    body, first = rewrite.place(statement.body[0]).start, rewrite.place(statement.handlers[0]).start
    behind = rewrite.place(statement.body[-1]).end
    if _has_comments(behind.line + 1, first.line, rewrite):
        return None
    if body.line == start.line:
        own = any(one.start.line == behind.line and one.start >= behind for one in comments(rewrite.walked))
        return None if own else [Edit(Range(start, body), ""), Edit(Range(behind, end), "")]
    if _has_comments(start.line, start.line, rewrite):
        return None
    edits = dedented(statement.body, start.line + 1, behind.line, rewrite.indent(statement), rewrite)
    if edits is None:
        return None
    return [
        Edit(Range(Position(start.line, 0), Position(start.line + 1, 0)), ""),
        *edits,
        Edit(Range(line_end(behind.line, rewrite), end), ""),
    ]


def _has_comments(first: int, last: int, rewrite: Rewrite) -> bool:
    return any(first <= one.start.line <= last for one in comments(rewrite.walked))
