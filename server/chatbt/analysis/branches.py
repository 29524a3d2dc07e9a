"""Chains of `if`, `elif` and `else`: their arms, and the comments in a stretch of them."""

import ast

from chatbt.analysis.flow import position
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Position, Range


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
    """Whether a comment stands between the start of `first` and the end of `last`, or of its line with `line_end`."""
    if scope.chunk is None:
        return True
    start, end = position(first)[:2], position(last)[2:]
    stretch = Range(Position(*start), Position(end[0] + 1, 0) if line_end else Position(*end))
    return bool(comments_within(stretch, scope.chunk))
