"""Comparison with None by identity

## What it does
Reports a condition that compares with None by `==` or `!=`.

## Why
There is one None, so identity says all there is to say. `==` asks the other object, whose class may answer anything:
an array answers for each of its elements. `is` is faster, cannot fail, and type checkers understand it.

## Example
    def start(value):
        if value == None:
            value = 0
        return value

Better:
    def start(value):
        if value is None:
            value = 0
        return value

## When the fix is safe
When what is compared is proven to be of a builtin type, whose `==` has the same answer. Any other class may have an
`__eq__` that takes something else for None.

## Asked as
- == None or is None, != None or is not None
- E711 comparison to None, C0121 singleton-comparison
- why should I compare with None by is
- x == None works, what is wrong with it
- check whether a variable is None, null check
- None is a singleton, __eq__ can be overridden
- variable == None gets flagged, but it works
- should I use == or is for None
- if result != None, comparison to None should be 'if cond is None:'
- why is None special when comparing
- numpy or pandas object compared with == None gives an array
- why `is None` and not `== None`
- comparison with None by two equals signs

## References
- PEP 8, Programming Recommendations
- The Python Language Reference, 6.10.3 Identity comparisons
"""

import ast
from typing import NamedTuple

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, contains, position
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import exactly
from chatbt.rewriting.comparisons import sides, with_operator
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_BUILTIN = "NoneType bool bytearray bytes complex dict float frozenset int list range set str tuple".split()
# What such a call gets may be an expression that is turned into a query.
_QUERIES = frozenset(
    "all_ and_ any any_ case count delete exclude exists filter filter_by having join limit not_ on or_ order_by "
    "outerjoin query select update when where".split()
)


class _Comparison(NamedTuple):
    """`other == None`, or `None == other` if `turned`."""

    other: ast.expr
    turned: bool


@pythonic("PY019", since="0.1", ruff=("E711",), runtime=False)
def none_identity_comparison(compare: ast.Compare, scope: Scope) -> Findings:
    if len(compare.ops) != 1 or not isinstance(compare.ops[0], ast.Eq | ast.NotEq):
        return
    turned = _is_none(compare.left)
    if not turned and not _is_none(compare.comparators[0]):
        return
    other = compare.comparators[0] if turned else compare.left
    if isinstance(other, ast.Constant) or _is_self(other, scope) or not is_tested(compare):
        return
    if _is_elsewhere_evaluated(compare) or is_shown(compare, scope) or _is_explained(compare, scope):
        return
    sign = "==" if isinstance(compare.ops[0], ast.Eq) else "!="
    message = f"`{sign}` lets `{ast.unparse(other)}` decide what is equal to None"
    yield Finding(compare, message, about=_Comparison(other, turned))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_self(node: ast.expr, scope: Scope) -> bool:
    """Whether it is the object whose `__eq__` may be what is defined right here."""
    return isinstance(node, ast.Name) and scope.receiver is not None and node.id == scope.receiver[0]


def _is_elsewhere_evaluated(compare: ast.Compare) -> bool:
    """Whether the comparison is, or is part of, what a query, a mask or an operator on arrays takes."""
    for around in ancestors(compare):
        match around:
            case ast.stmt():
                return False
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _QUERIES:
                return True
            case ast.Subscript(slice=key) if contains(key, compare):
                return True
            case ast.BinOp() | ast.UnaryOp(op=ast.Invert()):
                return True
    return False


def _is_explained(compare: ast.Compare, scope: Scope) -> bool:
    """Whether a comment behind it speaks of None, as in "must be `!= None`": then it is meant."""
    line = position(compare)[2]
    walked = scope.chunk
    return walked is not None and any(
        "None" in one.text for one in comments_within(Range(Position(line, 0), Position(line + 1, 0)), walked)
    )


@none_identity_comparison.fix
def compare_identity(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    compare, about = finding.node, finding.about
    assert isinstance(compare, ast.Compare) and isinstance(about, _Comparison)
    word = "is" if isinstance(compare.ops[0], ast.Eq) else "is not"
    make = safe if exactly(about.other, scope, *_BUILTIN) else review
    title = f"Use `{word} None`"
    if not about.turned:
        edit = with_operator(compare, word, rewrite)
        return make(title, edit) if edit else None
    texts = sides(compare, rewrite)
    if texts is None or comments_within(rewrite.place(compare), rewrite.walked):
        return None
    return make(title, rewrite.replace(compare, f"{texts[1]} {word} None"))
