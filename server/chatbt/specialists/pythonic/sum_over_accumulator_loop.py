"""Loop that only adds up

## What it does
Reports a number that is set right before a loop which does nothing but add to it, perhaps under one `if`.

## Why
`sum` says in one word what the reader otherwise has to find out from three lines: that the loop has no other purpose,
and what is added up.

## Example
    def total(cart):
        total = 0
        for item in cart:
            total += item.price
        return total

Better:
    def total(cart):
        total = sum(item.price for item in cart)
        return total

## When the fix is safe
Never without a look: from Python 3.12 `sum` adds floats more precisely than a loop, and objects that have an addition
in place of their own, such as arrays, are added in another way.

## Asked as
- total = 0; for x in xs: total += x
- add up numbers in a loop, sum of values
- sum with a generator expression, sum up an attribute of objects
- accumulate a total in one line
- running total variable and for loop just to add
- sum of prices, amounts, lengths
- variable that starts at zero and a for loop that adds the amounts
- sum up prices, sizes or durations of all orders in one expression
- total of a field over all objects
- summing with a condition, only the positive ones
- amount = 0; for line in lines: amount += line.price
- total of a column, of a field, of all invoices

## References
- The Python Library Reference, Built-in Functions: sum
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import has_comment
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import siblings
from chatbt.analysis.liveness import seen_when_failing
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import is_builtin
from chatbt.analysis.scopes import Scope
from chatbt.analysis.single import fits_generator, header_of, is_by_index, names_in
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.generators import fits, generator_text
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic


class _Sum(NamedTuple):
    """The statement that starts a sum, its number, what is added, and under which condition."""

    start: ast.Assign | ast.AnnAssign
    number: ast.Constant
    added: ast.expr
    test: ast.expr | None


@pythonic("PY033", since="0.1", yields_to=("PY003",))
def sum_over_accumulator_loop(loop: ast.For, scope: Scope) -> Findings:
    name, added, test = _addition(loop)
    if added is None or not name:
        return
    before = siblings(loop)[0]
    number = _number(before[-1], name) if before else None
    if number is None or not is_own(name, scope) or scope.captures(name) or not is_builtin("sum", scope):
        return
    parts = [added] if test is None else [added, test]
    if any(name in names_in(one) for one in (*parts, loop.iter, loop.target)) or is_by_index(loop, scope):
        return
    if not fits_generator(loop, parts, scope) or has_comment(before[-1], loop, scope):
        return
    if seen_when_failing(name, loop, scope, foreseen=True):
        return
    start = before[-1]
    assert isinstance(start, ast.Assign | ast.AnnAssign)
    about = _Sum(start, number, added, test)
    text = _text(about, loop, Rewrite(scope.chunk)) if scope.chunk else None
    if text is not None and fits(start, text):
        does = "counts" if isinstance(added, ast.Constant) else "adds up"
        yield Finding(loop, f"the loop only {does} in `{name}`", stretch=header_of(loop), about=about)


def _addition(loop: ast.For) -> tuple[str, ast.expr | None, ast.expr | None]:
    """The name that a loop's only statement adds to, what it adds, and the condition around it."""
    match loop.body:
        case [ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=added)]:
            return name, added, None
        case [ast.If(test=test, body=[ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=added)], orelse=[])]:
            return name, added, test
    return "", None, None


def _number(statement: ast.stmt, name: str) -> ast.Constant | None:
    """The number that a statement sets the variable `name` to."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.Constant(value=int() | float()) as number):
            pass
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.Constant(value=int() | float()) as number):
            pass
        case _:
            return None
    return number if target == name and not isinstance(number.value, bool) else None


def _text(found: _Sum, loop: ast.For, rewrite: Rewrite) -> str | None:
    generator = generator_text(found.added, loop, found.test, rewrite)
    if generator is None:
        return None
    name = rewrite.slice(rewrite.place(found.start)).removesuffix(rewrite.text(found.number))
    number = found.number.value
    if number == 0 and isinstance(number, int):
        return f"{name}sum({generator})"
    summed = generator if " for " not in generator else f"({generator})"
    return f"{name}sum({summed}, {rewrite.text(found.number)})"


@sum_over_accumulator_loop.fix
def add_up(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop, found = finding.node, finding.about
    assert isinstance(loop, ast.For) and isinstance(found, _Sum)
    text = _text(found, loop, rewrite)
    if text is None:
        return None
    start, end = rewrite.place(found.start).start, rewrite.place(loop).end
    return review("Use `sum`", rewrite.replace_range(start, end, text))
