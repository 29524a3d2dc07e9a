"""Negated membership or identity test

## What it does
Reports `not x in y` and `not x is y`.

## Why
Read from the left, `not x in y` seems to negate `x`. It negates the whole test, as the operators `not in` and `is not`
say where a reader expects it. Both compile to the same instructions.

## Example
    def remember(key, seen):
        if not key in seen:
            seen.add(key)

Better:
    def remember(key, seen):
        if key not in seen:
            seen.add(key)

## When the fix is safe
Always: Python defines `x not in y` as `not (x in y)`, and `x is not y` likewise. Comments stay where they are.

## Asked as
- not x in y, if not key in dict, not in operator
- E713 test for membership should be 'not in', E714 test for object identity should be 'is not'
- C0117, not a is b, if not x is None
- where does the not go, order of not and in
- is "not x in y" the same as "x not in y"
- if not name in users, or if name not in users
- not item in list reads strangely, is there any difference
- linter says test for membership should be "not in"
- not x is None, word order
- if not item in basket reads odd
- should not stand before the name or before in

## References
- The Python Language Reference, 6.10.2 Membership test operations
- The Python Language Reference, 6.10.3 Identity comparisons
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.rewriting.comparisons import operator
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_WORDS: dict[type[ast.cmpop], str] = {ast.In: "in", ast.Is: "is"}


@pythonic("PY021", since="0.1", ruff=("E713", "E714"), runtime=False)
def negated_membership(negation: ast.UnaryOp, scope: Scope) -> Findings:
    compare = negation.operand
    if not isinstance(negation.op, ast.Not) or not isinstance(compare, ast.Compare) or len(compare.ops) != 1:
        return
    word = _WORDS.get(type(compare.ops[0]))
    if word is None or _is_negated(negation) or is_shown(negation, scope):
        return
    yield Finding(negation, f"`not` stands before `{ast.unparse(compare.left)}` and negates the whole `{word}` test")


def _is_negated(node: ast.expr) -> bool:
    """Whether another `not` stands before it: `not not x in y` is a conversion to bool."""
    around = parent(node)
    return isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.Not)


@negated_membership.fix
def join_the_words(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    negation = finding.node
    assert isinstance(negation, ast.UnaryOp) and isinstance(negation.operand, ast.Compare)
    compare = negation.operand
    whole, inner, sign = rewrite.place(negation), rewrite.place(compare), operator(compare, rewrite)
    if sign is None or rewrite.text(compare).startswith("{"):
        return None  # `f"{not {1} in x}"`: two braces would be text
    word = Position(whole.start.line, whole.start.column + len("not"))
    before, behind = Range(word, inner.start), Range(inner.end, whole.end)
    opening = rewrite.slice(before).lstrip()
    is_plain = inner.start.line == inner.end.line and not any(
        comments_within(one, rewrite.walked) for one in (before, behind)
    )
    if opening.startswith("#"):
        return None
    before_sign = Position(sign.start.line, sign.start.column - 1)
    gap = "" if sign.start.column and rewrite.slice(Range(before_sign, sign.start)).isspace() else " "
    end = sign.end if isinstance(compare.ops[0], ast.Is) else sign.start
    edits = [
        Edit(Range(whole.start, inner.start), "" if is_plain else opening),
        Edit(Range(end, end), " not" if isinstance(compare.ops[0], ast.Is) else f"{gap}not "),
    ]
    if is_plain and behind.start != behind.end:
        edits.append(Edit(behind, ""))
    new = "is not" if isinstance(compare.ops[0], ast.Is) else "not in"
    return safe(f"Use `{new}`", *edits)
