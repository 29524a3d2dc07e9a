"""Comparisons as written: where their operators stand, and their sides with the parentheses that are theirs."""

import ast

from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: r"is\s+not", ast.In: "in", ast.NotIn: r"not\s+in",
}  # fmt: skip


def operator(compare: ast.Compare, rewrite: Rewrite, index: int = 0) -> Range | None:
    """Where an operator of a comparison stands."""
    before, behind = [compare.left, *compare.comparators][index : index + 2]
    sign = _SIGNS[type(compare.ops[index])]
    return rewrite.token(rewrite.place(before).end, rewrite.place(behind).start, sign)


def sides(compare: ast.Compare, rewrite: Rewrite) -> tuple[str, str] | None:
    """The text of both sides of a comparison with one operator, parentheses around them included."""
    sign = operator(compare, rewrite)
    if sign is None or len(compare.ops) != 1:
        return None
    start, end = rewrite.place(compare)
    return rewrite.slice(Range(start, sign.start)).rstrip(), rewrite.slice(Range(sign.end, end)).lstrip()


def with_operator(compare: ast.Compare, word: str, rewrite: Rewrite) -> Edit | None:
    """The edit that makes the operator of a comparison that has one `word`, with white space around it."""
    sign = operator(compare, rewrite)
    if sign is None:
        return None
    start, end = rewrite.place(compare)
    before = "" if rewrite.slice(Range(start, sign.start))[-1:].isspace() else " "
    behind = "" if rewrite.slice(Range(sign.end, end))[:1].isspace() else " "
    return Edit(sign, f"{before}{word}{behind}")
