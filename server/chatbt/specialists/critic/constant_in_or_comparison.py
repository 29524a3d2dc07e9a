"""Constant in or comparison

## What it does
Reports a condition such as `x == "a" or "b"`: a comparison with a constant, joined to further constants by `or` or
`and`.

## Why
`or` does not list values: each operand is a condition of its own. A string that is not empty and a number that is not
zero are true, so `x == "a" or "b"` is true for every `x`, and with `and` the constant changes nothing.

## Example
    def proceed(answer):
        if answer == "y" or "yes":
            return True

Better:
    def proceed(answer):
        if answer in ("y", "yes"):
            return True

## When the fix is safe
Never without a look: the condition gets the meaning that it most likely should have had, and so another value.

## Asked as
- if x == "a" or "b" is always true
- condition with or is always entered, comparing a variable with several values
- how to test a variable against multiple values, else is never reached
- while answer != "y" or "n" never stops
- x == 1 or 2 or 3 always true, precedence of or and ==
- R1727 condition-evals-to-constant, SIM222
- if is always executed whatever I type in
- if day == "sat" or "sun": always runs, the else is ignored
- game or menu accepts any input, condition with several strings is always fulfilled
- while loop with or never ends, whatever is typed
- if a or b == 5, how does Python read it
- compare input with two allowed words, it says yes to everything
- if colour != "red" or "blue" prints always, wrong for every input
- any answer counts as yes, comparison with two strings

## References
- The Python Language Reference, 6.11 Boolean operations
- The Python Language Reference, 6.10.2 Membership test operations
"""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic


class _Run(NamedTuple):
    """A comparison `compared == constant`, or `!=`, and the constants that follow it in the same condition."""

    comparison: ast.Compare
    compared: ast.expr
    constant: ast.Constant
    others: Sequence[ast.Constant]


@critic("CC019", group="bug", since="0.1", ruff=("SIM222", "SIM223"))
def constant_in_or_comparison(condition: ast.BoolOp, scope: Scope) -> Findings:
    if not any(isinstance(one, ast.Constant) for one in condition.values[1:]) or not is_tested(condition):
        return
    for run in _runs(condition.values):
        other = run.others[0]
        shown = f"`{ast.unparse(other)}`"
        if isinstance(condition.op, ast.Or) and other.value:
            message = f"{shown} is true by itself: this is true whatever `{ast.unparse(run.compared)}` is"
        elif isinstance(condition.op, ast.And) and not other.value:
            message = f"{shown} is false by itself: this is false whatever `{ast.unparse(run.compared)}` is"
        else:
            message = f"{shown} is not compared with `{ast.unparse(run.compared)}`: it changes nothing"
        yield Finding(condition, message, about=run)


def _runs(operands: Sequence[ast.expr]) -> Iterator[_Run]:
    for index, operand in enumerate(operands):
        match operand:
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
                constant, compared = (right, left) if isinstance(right, ast.Constant) else (left, right)
                others = list(_like(constant, operands[index + 1 :]))
                if isinstance(constant, ast.Constant) and not isinstance(compared, ast.Constant) and others:
                    yield _Run(operand, compared, constant, others)


def _like(constant: ast.expr, operands: Sequence[ast.expr]) -> Iterator[ast.Constant]:
    """The constants that `operands` begin with, as long as they are of the same type as `constant`."""
    for one in operands:
        if not isinstance(one, ast.Constant) or not isinstance(constant, ast.Constant):
            return
        if type(one.value) is not type(constant.value) or isinstance(one.value, bool) or one.value is None:
            return
        yield one


@constant_in_or_comparison.fix
def compare_with_all(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    condition, run = finding.node, finding.about
    assert isinstance(condition, ast.BoolOp)
    equal = isinstance(run.comparison.ops[0], ast.Eq)
    if equal and isinstance(condition.op, ast.And):
        return None  # nothing equals two constants: what was meant cannot be told
    whole = len(run.others) + 1 == len(condition.values)
    place = rewrite.place(condition) if whole else _between(run, rewrite)
    if place is None or comments_within(place, rewrite.walked):
        return None
    listed = ", ".join(rewrite.text(one) for one in (run.constant, *run.others))
    word = "in" if equal else "not in"
    new = f"{rewrite.operand(run.compared)} {word} ({listed})"
    return review(f"Compare with all of them: `{word} ({listed})`", rewrite.replace_range(*place, new))


def _between(run: _Run, rewrite: Rewrite) -> Range | None:
    """The text from the comparison to the last constant; None if brackets stand in it, which might open outside."""
    place = Range(rewrite.place(run.comparison).start, rewrite.place(run.others[-1]).end)
    brackets = rewrite.token(rewrite.place(run.comparison).end, place.end, r"[()]")
    return None if brackets else place
