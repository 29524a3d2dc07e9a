"""Membership test for repeated equality

## What it does
Reports conditions that compare the same variable with one constant after the other: `x == a or x == b`, and
`x != a and x != b`.

## Why
`x in (a, b)` names the variable once and shows that only the constants differ. There is no place left for a slip such
as another variable in the third comparison, and one more constant is one more word.

## Example
    def is_warm(color: str):
        if color == "red" or color == "orange":
            return True

Better:
    def is_warm(color: str):
        if color in ("red", "orange"):
            return True

## When the fix is safe
When the compared variable is proven to be of a builtin type, whose `==` and `!=` answer by True or False and agree with
each other. An annotation is enough for `==` in a condition. What a property gives may differ from one time to the next.

## Asked as
- x == 1 or x == 2 or x == 3, many equality comparisons
- R1714 consider-using-in, PLR1714, SIM109
- compare one variable with multiple values in a shorter way
- long if with or that checks the same variable, use in with a tuple or set
- x != "a" and x != "b"
- is it one of these values
- repeated == on the same name
- if color == "red" or color == "green" or color == "blue" shorter
- test against a fixed set of words without repeating the variable
- is the letter a vowel, is the day a weekend day
- long chain of == joined by or
- code != 200 and code != 201 and code != 204
- if ext == "png" or ext == "jpg" or ext == "gif" is getting long
- does the value equal one of several constants

## References
- The Python Language Reference, 6.10.2 Membership test operations
"""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure, position
from chatbt.analysis.names import same
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import exactly, proven
from chatbt.rewriting.comparisons import sides
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import use
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.runs import run_place
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_BUILTIN = "NoneType bool bytearray bytes complex dict float frozenset int list range set str tuple".split()


class _Equality(NamedTuple):
    """`compared == constant`, or `!=`; the constant may stand on the left."""

    comparison: ast.Compare
    compared: ast.expr
    constant: ast.expr


@pythonic("PY017", since="0.1", ruff=("PLR1714", "SIM109"))
def membership_over_repeated_equality(condition: ast.BoolOp, scope: Scope) -> Findings:
    is_or = isinstance(condition.op, ast.Or)
    for run in _runs(condition.values, ast.Eq if is_or else ast.NotEq):
        if is_shown(condition, scope):
            return
        first, last = run[0].comparison, run[-1].comparison
        whole = len(run) == len(condition.values)
        stretch = None if whole else Range.of(*position(first)[:2], *position(last)[2:])
        listed = ", ".join(ast.unparse(one.constant) for one in run)
        what = "with each of" if is_or else "against each of"
        message = f"`{ast.unparse(run[0].compared)}` is compared {what} {listed} anew"
        yield Finding(condition, message, about=run, stretch=stretch)


def _runs(operands: Sequence[ast.expr], op: type[ast.cmpop]) -> Iterator[list[_Equality]]:
    """The longest runs of at least two different comparisons of the same thing."""
    run: list[_Equality] = []
    for operand in operands:
        found = _equality(operand, op)
        if found and run and same(found.compared, run[0].compared):
            run.append(found)
            continue
        if _is_worth_it(run):
            yield run
        run = [found] if found else []
    if _is_worth_it(run):
        yield run


def _is_worth_it(run: list[_Equality]) -> bool:
    return len(run) > 1 and len({ast.dump(one.constant) for one in run}) == len(run)


def _equality(node: ast.expr, op: type[ast.cmpop]) -> _Equality | None:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], op):
        return None
    left, right = node.left, node.comparators[0]
    if _is_constant(right) and is_pure(left, attributes=True) and not isinstance(left, ast.Constant):
        return _Equality(node, left, right)
    if _is_constant(left) and is_pure(right, attributes=True) and not isinstance(right, ast.Constant | ast.UnaryOp):
        return _Equality(node, right, left)
    return None


def _is_constant(node: ast.expr) -> bool:
    """Whether it is a string or a number: no name, which may not be bound yet, and no None, which `is` is for."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
        return isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return isinstance(node, ast.Constant) and type(node.value) in (str, bytes, int, float)


@membership_over_repeated_equality.fix
def list_them_once(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    run: list[_Equality] = finding.about
    stretch = run_place([one.comparison for one in run], rewrite)
    constants = [_constant_text(one, rewrite) for one in run]
    if stretch is None or None in constants:
        return None
    word = "in" if isinstance(run[0].comparison.ops[0], ast.Eq) else "not in"
    listed = f"({', '.join(one for one in constants if one)})"
    text = f"{rewrite.operand(run[0].compared)} {word} {listed}"
    make = safe if _compares_to_bool(run, scope) else review
    return make(use(f"{word} {listed}", f"Use `{word}`"), Edit(stretch, text))


def _constant_text(one: _Equality, rewrite: Rewrite) -> str | None:
    texts = sides(one.comparison, rewrite)
    return None if texts is None else texts[one.constant is not one.comparison.left]


def _compares_to_bool(run: list[_Equality], scope: Scope) -> bool:
    """Whether what is compared is a variable whose comparisons are proven to give what `in` does."""
    compared, comparison = run[0].compared, run[0].comparison
    if not isinstance(compared, ast.Name):
        return False
    if exactly(compared, scope, *_BUILTIN):
        return True
    return isinstance(comparison.ops[0], ast.Eq) and is_tested(comparison) and proven(compared, scope, *_BUILTIN)
