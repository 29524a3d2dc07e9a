"""The text of a generator that does what a loop does."""

import ast

from chatbt.analysis.branches import is_one_line
from chatbt.analysis.names import same
from chatbt.rewriting.layout import LINE_LENGTH
from chatbt.rewriting.rewrite import Rewrite

_LOOSE = (ast.IfExp, ast.Lambda, ast.Tuple)


def generator_text(element: ast.expr, loop: ast.For, test: ast.expr | None, rewrite: Rewrite) -> str | None:
    """`element for x in xs if test`, without brackets, or `xs` where that is the same, as an argument.

    None if one of the parts goes over several lines.
    """
    if not all(is_one_line(one) for one in (element, loop.target, loop.iter, test or element)):
        return None
    if test is None and isinstance(element, ast.Name) and same(element, loop.target):
        return rewrite.operand(loop.iter) if isinstance(loop.iter, ast.Tuple) else rewrite.text(loop.iter)
    clause = f"for {rewrite.text(loop.target)} in {_operand(loop.iter, rewrite)}"
    if test is not None:
        clause += f" if {_operand(test, rewrite)}"
    return f"{rewrite.operand(element) if isinstance(element, ast.Tuple) else rewrite.text(element)} {clause}"


def _operand(node: ast.expr, rewrite: Rewrite) -> str:
    return rewrite.operand(node) if isinstance(node, _LOOSE) else rewrite.text(node)


def fits(statement: ast.stmt, text: str) -> bool:
    """Whether `text` is no longer than a line in the place of `statement`."""
    return statement.col_offset + len(text) <= LINE_LENGTH
