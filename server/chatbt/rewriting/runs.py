"""Operands of `and` and `or` that follow one another, as a stretch of text."""

import ast
from collections.abc import Sequence
from itertools import pairwise

from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range


def run_place(run: Sequence[ast.expr], rewrite: Rewrite) -> Range | None:
    """From the first operand to the last, the whole condition if these are all.

    None if a comment stands there, or brackets that may open or close outside.
    """
    condition = parent(run[0])
    assert isinstance(condition, ast.BoolOp)
    if len(run) == len(condition.values):
        stretch = rewrite.place(condition)
    else:
        stretch = Range(rewrite.place(run[0]).start, rewrite.place(run[-1]).end)
        gaps = pairwise(run)
        if any(rewrite.token(rewrite.place(one).end, rewrite.place(other).start, r"[()]") for one, other in gaps):
            return None
    return None if comments_within(stretch, rewrite.walked) else stretch
