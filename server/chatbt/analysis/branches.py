"""Chains of `if`, `elif` and `else`: their arms, and the comments in a stretch of them."""

import ast
from collections.abc import Sequence

from chatbt.analysis.flow import position
from chatbt.analysis.names import same
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.suppression import only_silences
from chatbt.source.document import Position, Range

_FOR_CHECKERS = frozenset("TYPE_CHECKING version_info platform __name__ __debug__ PY2 PY3".split())


def is_elif(node: ast.AST) -> bool:
    """Whether an `if` statement is written as the `elif` of the one around it."""
    around = parent(node)
    return (
        isinstance(node, ast.If)
        and isinstance(around, ast.If)
        and around.orelse == [node]
        and around.col_offset == node.col_offset
    )


def chain(head: ast.If) -> tuple[list[ast.If], list[ast.stmt]]:
    """The `if` with its `elif`s, and the block of the `else` behind them."""
    arms = [head]
    while len(arms[-1].orelse) == 1 and is_elif(arms[-1].orelse[0]):
        below = arms[-1].orelse[0]
        assert isinstance(below, ast.If)
        arms.append(below)
    return arms, arms[-1].orelse


def is_one_line(node: ast.AST) -> bool:
    """Whether a node starts and ends on the same line."""
    return position(node)[0] == position(node)[2]


def has_comment(first: ast.AST, last: ast.AST, scope: Scope, *, line_end: bool = False) -> bool:
    """Whether a comment stands between the start of `first` and the end of `last`, or of its line with `line_end`.

    One that silences a finding does not count: it would silence what is not found because of it.
    """
    if scope.chunk is None:
        return True
    start, end = position(first)[:2], position(last)[2:]
    stretch = Range(Position(*start), Position(end[0] + 1, 0) if line_end else Position(*end))
    return any(not only_silences(one.text) for one in comments_within(stretch, scope.chunk))


def is_for_checkers(test: ast.expr) -> bool:
    """Whether a condition is one that tools evaluate, for which it must stay as it is: a constant, the platform."""
    return isinstance(test, ast.Constant) or any(
        dotted(node).rpartition(".")[2] in _FOR_CHECKERS or dotted(node) == "os.name"
        for node in ast.walk(test)
        if isinstance(node, ast.Name | ast.Attribute)
    )


def subject_of(test: ast.expr) -> ast.expr | None:
    """What a condition asks about: a name, or what is compared with something; None if it is more than that."""
    match test:
        case ast.Name() | ast.Attribute():
            return test
        case ast.Compare(left=ast.Constant(), comparators=[subject]):
            return subject
        case ast.Compare(left=subject, comparators=[_]):
            return subject
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[subject, _]):
            return subject
        case ast.Call(func=ast.Attribute(value=subject)):
            return subject
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return subject_of(operand)
        case ast.BoolOp(values=values):
            return one_subject(values)
    return None


def one_subject(tests: Sequence[ast.expr]) -> ast.expr | None:
    """What all of the conditions ask about, if it is the same."""
    first, *others = [subject_of(one) for one in tests]
    alike = first is not None and all(other is not None and same(first, other) for other in others)
    return first if alike else None
