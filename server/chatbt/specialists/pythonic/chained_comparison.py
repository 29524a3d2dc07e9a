"""Chained comparison

## What it does
Reports two comparisons, joined by `and`, that keep a value between two others: `low <= x and x < high`.

## Why
`low <= x < high` reads as it is written in mathematics. The value stands once, between its bounds, and it is plain that
both comparisons are about the same one.

## Example
    def visit(index, size):
        if 0 <= index and index < size:
            return index

Better:
    def visit(index, size):
        if 0 <= index < size:
            return index

## When the fix is safe
When the value in the middle is a variable and nothing changes its side. Where a comparison must be turned round, all
three must be proven to be numbers or strings, since another class may compare differently from its two sides. An
attribute in the middle would be looked up once and not twice.

## Asked as
- x > 0 and x < 10, check whether a number is between two values
- chained comparison, R1716, range check, lower and upper bound
- a <= x <= b in Python like in mathematics
- is number within an interval
- low <= value and value <= high
- combine two comparisons of the same variable
- value must lie within a range, inclusive, minimum <= value and value <= maximum
- is it possible to write 0 < x < 10
- age between 18 and 65, temperature in between
- comparing a number against a lower and an upper limit in one go
- two comparisons with and on the same number
- 1 <= month and month <= 12 in a mathematical way
- is x between two bounds, inclusive

## References
- The Python Language Reference, 6.10 Comparisons
"""

import ast
from itertools import pairwise
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure, position
from chatbt.analysis.names import same
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import exactly
from chatbt.rewriting.comparisons import sides
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.runs import run_place
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_SIGNS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class _Side(NamedTuple):
    """A comparison as it reads from one of its sides; `turned` if that is not how it is written."""

    compare: ast.Compare
    left: ast.expr
    sign: str
    right: ast.expr
    turned: bool


class _Chain(NamedTuple):
    """Two comparisons, the first of which ends with what the second begins with; `moved` if they change places."""

    first: _Side
    second: _Side
    moved: bool


@pythonic("PY016", since="0.1", ruff=("PLR1716",))
def chained_comparison(condition: ast.BoolOp, scope: Scope) -> Findings:
    if not isinstance(condition.op, ast.And):
        return
    used: ast.expr | None = None
    for one, other in pairwise(condition.values):
        if one is used or not _compares(one) or not _compares(other):
            continue
        chain = _chain(one, other)
        if chain is None or is_shown(condition, scope):
            continue
        used = other
        stretch = None if len(condition.values) == 2 else Range.of(*position(one)[:2], *position(other)[2:])
        middle, low, high = (ast.unparse(part) for part in (chain.first.right, chain.first.left, chain.second.right))
        message = f"`{middle}` stands between `{low}` and `{high}`, but is compared with each by itself"
        yield Finding(condition, message, about=chain, stretch=stretch)


def _compares(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SIGNS


def _chain(one: ast.expr, other: ast.expr) -> _Chain | None:
    assert isinstance(one, ast.Compare) and isinstance(other, ast.Compare)
    pairs = [(_written(one), _written(other))]
    upward = [side if side.sign[0] == "<" else _turned(side) for side in pairs[0]]
    pairs += [(upward[0], upward[1]), (upward[1], upward[0])]
    for first, second in pairs:
        if first.sign[0] != second.sign[0] or not same(first.right, second.left) or not _is_middle(first.right):
            continue
        moved = first.compare is other
        ends = [first.left] * (first.turned or moved) + [second.right] * (second.turned or moved)
        if all(is_pure(end, attributes=True) for end in ends):
            return _Chain(first, second, moved)
    return None


def _is_middle(node: ast.expr) -> bool:
    return not isinstance(node, ast.Constant | ast.UnaryOp) and is_pure(node, attributes=True)


def _written(compare: ast.Compare) -> _Side:
    return _Side(compare, compare.left, _SIGNS[type(compare.ops[0])], compare.comparators[0], turned=False)


def _turned(side: _Side) -> _Side:
    return _Side(side.compare, side.right, _TURNED[side.sign], side.left, turned=True)


@chained_comparison.fix
def join_them(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    chain = finding.about
    assert isinstance(chain, _Chain)
    first, second = chain.first, chain.second
    run = [second.compare, first.compare] if chain.moved else [first.compare, second.compare]
    stretch = run_place(run, rewrite)
    beginning, end = sides(first.compare, rewrite), sides(second.compare, rewrite)
    if stretch is None or beginning is None or end is None:
        return None
    low, high = beginning[first.turned], end[not second.turned]
    text = f"{low} {first.sign} {rewrite.text(first.right)} {second.sign} {high}"
    make = safe if _is_certain(chain, scope) else review
    return make("Join the comparisons", Edit(stretch, text))


def _is_certain(chain: _Chain, scope: Scope) -> bool:
    """Whether the chain is proven to do what the comparisons do one after the other."""
    first, second, moved = chain
    if not isinstance(first.right, ast.Name):
        return False
    if not (first.turned or second.turned or moved):
        return True
    operands = (first.left, first.right, second.right)
    return any(all(exactly(one, scope, *kinds) for one in operands) for kinds in (("int", "float", "bool"), ("str",)))
