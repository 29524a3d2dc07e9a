"""Exception handlers: how much they catch, and what becomes of it."""

import ast
import re
from collections.abc import Collection, Iterable

from chatbt.analysis.exceptions import caught_by
from chatbt.analysis.flow import ancestors, contains, walk_block
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Range

BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})

_FOR_TOOLS = re.compile(r"#\s*(?:pragma|type:|fmt:|isort:|chatbt:)")


def is_broad(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether a handler catches every Exception."""
    return handler.type is None or not BROAD.isdisjoint(caught_by(handler, scope))


def is_awaited(node: ast.AST, classes: Collection[str], scope: Scope) -> bool:
    """Whether a handler around `node` names one of these exception classes, and so waits for it."""
    return any(
        isinstance(around, ast.Try | ast.TryStar)
        and any(contains(one, node) for one in around.body)
        and any(not set(classes).isdisjoint(caught_by(handler, scope)) for handler in around.handlers)
        for around in ancestors(node)
    )


def is_empty(block: Iterable[ast.stmt]) -> bool:
    """Whether a block does nothing: only `pass`, `...` and `continue`."""
    return all(
        isinstance(one, ast.Pass | ast.Continue)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and one.value.value is ...)
        for one in block
    )


def raises_somewhere(handler: ast.ExceptHandler) -> bool:
    """Whether the handler's own code raises on whatever path, or calls what says so: `with safe_reraise():`."""
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and "reraise" in dotted(node.func).rpartition(".")[2])
        for node in walk_block(handler.body)
    )


def is_explained(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether a comment in the handler, or right above it or its `try`, says something to a person."""
    if scope.chunk is None:
        return False
    first, last = handler.lineno, handler.body[-1].end_lineno or handler.lineno
    attempt: int = getattr(parent(handler), "lineno", first)
    for comment in comments(scope.chunk):
        line = comment.start.line
        if comment.own_line and line == last + 1 and comment.start.column > handler.col_offset:
            last = line
        inside = first <= line <= last or (comment.own_line and line in (first - 1, attempt - 1))
        if inside and not _FOR_TOOLS.match(comment.text):
            return True
    return False


def header_of(handler: ast.ExceptHandler) -> Range:
    """The place of `except` and the classes behind it."""
    last = handler.type
    if last is None or last.end_lineno is None or last.end_col_offset is None:
        return Range.of(handler.lineno, handler.col_offset, handler.lineno, handler.col_offset + len("except"))
    return Range.of(handler.lineno, handler.col_offset, last.end_lineno, last.end_col_offset)
