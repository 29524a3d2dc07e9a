"""Comparison with a literal by identity

## What it does
Reports `is` and `is not` with a string, number, tuple, list, dict or set literal on either side.

## Why
`is` asks whether two names stand for the same object, not whether two values are equal. Whether two equal strings or
numbers are one object is up to the interpreter: the test that passes today fails after an upgrade. Python itself says
so with a SyntaxWarning.

## Example
    def stop_when(status):
        if status is "done":
            return True

Better:
    def stop_when(status):
        if status == "done":
            return True

## When the fix is safe
Never without a look: the old result depended on which objects the interpreter shares, so the new one may differ.

## References
- The Python Language Reference, 6.10.3 Identity comparisons
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.outer import literal_type
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_LITERALS = {"str", "bytes", "int", "float", "complex", "tuple", "list", "dict", "set"}


@critic("CC008", group="bug", since="0.1", ruff=("F632",))
def is_literal_comparison(compare: ast.Compare, scope: Scope) -> Findings:
    operands = [compare.left, *compare.comparators]
    for index, op in enumerate(compare.ops):
        if not isinstance(op, ast.Is | ast.IsNot):
            continue
        literal = next((one for one in operands[index : index + 2] if _is_literal(one)), None)
        if literal is not None:
            word = "is not" if isinstance(op, ast.IsNot) else "is"
            kind = literal_type(_unsigned(literal))
            yield Finding(compare, f"`{word}` compares identity: an equal {kind} may be another object", about=index)


def _is_literal(node: ast.expr) -> bool:
    kind = literal_type(_unsigned(node))
    return kind in _LITERALS and not isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)


def _unsigned(node: ast.expr) -> ast.expr:
    """The number behind a minus."""
    return node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node


@is_literal_comparison.fix
def compare_by_value(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    compare, index = finding.node, finding.about
    assert isinstance(compare, ast.Compare)
    left, right = [compare.left, *compare.comparators][index : index + 2]
    start, end = rewrite.place(left).end, rewrite.place(right).start
    between = rewrite.token(start, end, r"is\s+not|is")
    if between is None:
        return None
    new = "!=" if isinstance(compare.ops[index], ast.IsNot) else "=="
    return review(f"Compare by value with `{new}`", rewrite.replace_range(*between, new))
