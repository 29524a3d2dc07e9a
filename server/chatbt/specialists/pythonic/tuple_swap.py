"""Swap by tuple assignment

## What it does
Reports three assignments that exchange two values through a variable that nothing else reads.

## Why
The reader has to follow three steps and a name to see that two values change places. `a, b = b, a` says it at a glance:
the right side is evaluated in full before anything is assigned.

## Example
    def in_order(left, right):
        if left > right:
            tmp = left
            left = right
            right = tmp
        return left, right

Better:
    def in_order(left, right):
        if left > right:
            left, right = right, left
        return left, right

## When the fix is safe
When both places are variables, or both items of a proven list at positions that are names or proven integers. Items of
anything else, and attributes, may run code that could tell in which order they are read.

## Asked as
- swap two variables, tmp = a; a = b; b = tmp
- exchange two values without a temporary variable
- swap two list elements, a[i] and a[j]
- consider-swap-variables, R1712
- interchange x and y in one line
- third variable needed for swapping
- exchange two variables, three lines with a temporary one
- temp = x, x = y, y = temp
- shuffle values between a and b elegantly, bubble sort swap
- is there a swap function
- tmp = left; left = right; right = tmp
- two variables should trade places

## References
- The Python Tutorial, 3.2 First Steps Towards Programming
- The Python Language Reference, 7.2 Assignment statements
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import before, contains, enclosing_loops, position, siblings, statement_of
from chatbt.analysis.names import is_dynamic
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly, proven
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import LINE_LENGTH, use
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_PLACES = (ast.Name, ast.Attribute, ast.Subscript)


class _Swap(NamedTuple):
    """The places that change values, as they are assigned to first and second, and the last of the three statements."""

    first: ast.expr
    second: ast.expr
    last: ast.stmt


@pythonic("PY014", since="0.1", ruff=("PLR1712",))
def tuple_swap(statement: ast.Assign, scope: Scope) -> Findings:
    kept = statement.targets[0]
    if not isinstance(statement.value, _PLACES) or not isinstance(kept, ast.Name) or len(statement.targets) != 1:
        return
    match siblings(statement)[1][:2]:
        case [
            ast.Assign(targets=[first], value=second),
            ast.Assign(targets=[target], value=ast.Name(id=name)) as last,
        ] if name == kept.id and _same_place(first, statement.value) and _same_place(target, second):
            swap = _Swap(first, target, last)
        case _:
            return
    width = len(ast.unparse(swap.first)) + len(ast.unparse(swap.second))
    if statement.col_offset + 2 * width + len(",  = , ") > LINE_LENGTH:
        return
    if not _are_independent(swap, name) or not _is_forgotten(name, last, scope):
        return
    stretch = Range.of(*position(statement)[:2], *position(last)[2:])
    message = f"`{ast.unparse(swap.first)}` and `{ast.unparse(swap.second)}` change places through `{name}`"
    yield Finding(statement, message, about=swap, stretch=stretch)


def _same_place(one: ast.expr, other: ast.expr) -> bool:
    return isinstance(one, _PLACES) and _written(one) == _written(other)


def _written(node: ast.expr) -> str:
    """A place as text, whether it is read or assigned to; "" unless it only looks up names."""
    simple = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.expr_context, ast.UnaryOp, ast.unaryop)
    arithmetic = (ast.BinOp, ast.Add, ast.Sub)
    is_plain = all(isinstance(one, simple + arithmetic) for one in ast.walk(node))
    return ast.unparse(node) if is_plain else f"{id(node)}"


def _are_independent(swap: _Swap, kept: str) -> bool:
    """Whether neither place is found through the other or through the variable in between."""
    first, second = ({one.id for one in ast.walk(node) if isinstance(one, ast.Name)} for node in swap[:2])
    if kept in first | second or _written(swap.first) == _written(swap.second):
        return False
    return not (
        (isinstance(swap.first, ast.Name) and swap.first.id in second)
        or (isinstance(swap.second, ast.Name) and swap.second.id in first)
    )


def _is_forgotten(name: str, last: ast.stmt, scope: Scope) -> bool:
    """Whether nobody misses the variable once the values have changed places."""
    owner = scope.find(name)
    if owner is not scope or owner.kind not in ("function", "module") or is_dynamic(scope):
        return False
    if owner.captures(name) or owner.used_elsewhere(name) or name in owner.globals | owner.nonlocals:
        return False
    if any(isinstance(getattr(one, "ctx", None), ast.Del) for one in owner.bindings[name]):
        return False
    others = [one for one in owner.all_loads(name) if not contains(last, one) and not _is_bound_before(one)]
    return not any(before(last, one) or enclosing_loops(last) for one in others)


def _is_bound_before(load: ast.Name) -> bool:
    """Whether a read is in an assignment and sees what one of the two statements before it has just bound."""
    statement = statement_of(load)
    return isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == load.id
        for one in siblings(statement)[0][-2:]
        for target in getattr(one, "targets", ())
    )


@tuple_swap.fix
def swap_at_once(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    swap = finding.about
    assert isinstance(swap, _Swap)
    stretch = Range(rewrite.place(finding.node).start, rewrite.place(swap.last).end)
    if comments_within(stretch, rewrite.walked):
        return None
    first, second = rewrite.text(swap.first), rewrite.text(swap.second)
    are_names = isinstance(swap.first, ast.Name) and isinstance(swap.second, ast.Name)
    text = f"{first}, {second} = {second}, {first}"
    is_certain = scope.kind == "function" and (are_names or _are_items(swap, scope))
    return (safe if is_certain else review)(use(text, "Swap at once"), Edit(stretch, text))


def _are_items(swap: _Swap, scope: Scope) -> bool:
    """Whether both are items of proven lists, whose positions no assignment to them can change."""
    return all(
        isinstance(place, ast.Subscript)
        and exactly(place.value, scope, "list")
        and isinstance(place.value, ast.Name)
        and proven(place.slice, scope, "int", "bool")
        for place in swap[:2]
    )
