"""The opposite of a condition, as text: it is true exactly where the condition is false."""

import ast

from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range

_OPPOSITES: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Is: (r"\bis\b", "is not"),
    ast.IsNot: (r"\bis\s+not\b", "is"),
    ast.In: (r"\bin\b", "not in"),
    ast.NotIn: (r"\bnot\s+in\b", "in"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}
_LOOSE = (ast.BoolOp, ast.IfExp, ast.Lambda, ast.NamedExpr)


def negated(test: ast.expr, rewrite: Rewrite, written: str) -> str | None:
    """The source of the opposite of `test`, without parentheses around it; None if its text is not that simple.

    `not` goes where one stands, `is`, `in` and `==` are turned round, anything else gets a `not` before it. `written`
    is the source of the test with whatever parentheses there are around it.
    """
    written = written.strip()
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        start, end = rewrite.place(test)
        if start.line == end.line:
            return rewrite.text(test.operand)
        bare = rewrite.slice(Range(Position(start.line, start.column + len("not")), end)).strip()
        return bare if is_enclosed(bare) else None
    if test.lineno != test.end_lineno:
        return f"not {written}" if is_enclosed(written) or not isinstance(test, _LOOSE) else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _OPPOSITES:
        return turned(test, rewrite)
    text = rewrite.text(test)
    return f"not ({text})" if isinstance(test, _LOOSE) else f"not {text}"


def turned(test: ast.Compare, rewrite: Rewrite) -> str | None:
    """The source of a comparison by `is`, `in` or `==` with the opposite operator; None if that is not found."""
    pattern, opposite = _OPPOSITES[type(test.ops[0])]
    whole = rewrite.place(test)
    operator = rewrite.token(rewrite.place(test.left).end, rewrite.place(test.comparators[0]).start, pattern)
    if operator is None:
        return None
    before, behind = Range(whole.start, operator.start), Range(operator.end, whole.end)
    return rewrite.slice(before) + opposite + rewrite.slice(behind)


def uses_equality(test: ast.expr) -> bool:
    """Whether the opposite of `test` asks for `!=` where `==` was asked for, or the other way round."""
    return isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.NotEq)
