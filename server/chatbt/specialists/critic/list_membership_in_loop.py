"""List searched in a loop

## What it does
Reports `x in items` in a loop or comprehension when `items` is a list or tuple that was made before it and that it does
not change.

## Why
`in` goes through a list from its start, every time: for a thousand rounds and a thousand elements that is up to a
million comparisons. A set finds an element in one step, however many it has.

## Example
    def keep_known(items, table):
        allowed = [row.id for row in table]
        for item in items:
            if item.id in allowed:
                keep(item)

Better:
    def keep_known(items, table):
        allowed = {row.id for row in table}
        for item in items:
            if item.id in allowed:
                keep(item)

## When the fix is safe
Never without a look: the elements, and what is looked for, must be hashable, and equal ones must have equal hashes.

## Asked as
- x in list inside a loop is slow, use a set
- comparing two big lists takes too long, find the common elements, difference or duplicates
- membership test on a long list, O(n) lookup, O(n²), quadratic
- speed up `if item in items` for thousands of elements
- set against list for lookups, filtering one list by another
- nested check for each element whether it is in the other list takes hours
- remove elements that occur in a blacklist, fast
- looking up in a list for each line of a file is slow, millions of comparisons
- find which ids, emails or words of one file occur in another one, takes ages
- which data structure for many "is it in there" checks
- intersection of two long lists quickly, items of one list that are missing in the other
- if word in stopwords in a big loop is the bottleneck of the profile
- duplicate finder with a list of seen things got unusable, if x in seen
- emails against a block list, words against a dictionary, ids against other ids

## References
- The Python Wiki, TimeComplexity
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import Loop, before, contains, statement_of
from chatbt.analysis.loops import (
    Comprehension,
    is_only_looked_at,
    is_own,
    is_short,
    is_short_iterable,
    loads_in,
    repeaters,
)
from chatbt.analysis.names import is_builtin, qualified
from chatbt.analysis.outer import assigned_value, dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import MUTABLE, proven
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic

_MANY = 16  # with so few elements a set gains nothing
_MAKERS = {"builtins.list", "builtins.tuple", "builtins.sorted"}


@critic("CC031", group="performance", since="0.1", stability="preview")
def list_membership_in_loop(compare: ast.Compare, scope: Scope) -> Findings:
    for left, op, right in zip([compare.left, *compare.comparators], compare.ops, compare.comparators, strict=False):
        if not isinstance(op, ast.In | ast.NotIn) or not isinstance(right, ast.Name) or isinstance(left, ast.Constant):
            continue
        owner = _around(scope)
        value = _made_of(right.id, owner)
        if value is None or not (loops := _loops(compare, value, scope)) or not _is_hashable(left, scope):
            continue
        if all(is_only_looked_at(load, scope) for load in loads_in(loops[-1], right.id, owner)):
            kind = "tuple" if proven(value, owner, "tuple") else "list"
            message = f"every round goes through the {kind} `{right.id}` from its start"
            yield Finding(right, message, about=(value, loops[-1], owner))


def _around(scope: Scope) -> Scope:
    """The scope whose statements these are."""
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _made_of(name: str, owner: Scope) -> ast.expr | None:
    """The expression that makes the list or tuple that `name` always stands for; None for anything else."""
    if not is_own(name, owner) or len(owner.bindings[name]) != 1:
        return None
    value = assigned_value(owner.bindings[name][0])
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return value if len(elements) > _MANY and all(_is_hashable(one, owner) for one in elements) else None
        case ast.ListComp(elt=element):
            return value if _is_hashable(element, owner) and not is_short(value, owner) else None
        case ast.Call(func=function, args=[first]) if qualified(function, owner) in _MAKERS:
            return None if is_short_iterable(first, owner) else value
    return None


def _is_hashable(node: ast.expr, scope: Scope) -> bool:
    """Whether a value may be found by its hash: it is no mutable collection, nor of a class with its own `==`."""
    if isinstance(node, ast.Tuple):
        return all(_is_hashable(one, scope) for one in node.elts)
    if isinstance(node, ast.Call) and dotted(node).rpartition(".")[2].lstrip("_")[:1].isupper():
        return False
    return not proven(node, scope, *MUTABLE)


def _loops(compare: ast.Compare, value: ast.expr, scope: Scope) -> list[Loop | Comprehension]:
    """What repeats the comparison, but not the making of the list; [] if that is too little to matter."""
    loops = [one for one in repeaters(compare) if before(value, one)]
    # The test of a `while` usually looks for something that is soon found.
    long = [
        one
        for one in loops
        if not is_short(one, scope) and not (isinstance(one, ast.While) and contains(one.test, compare))
    ]
    return loops if long else []


@list_membership_in_loop.fix
def make_it_a_set(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    name = finding.node
    value, loop, owner = finding.about
    assert isinstance(name, ast.Name)
    if not is_builtin("set", scope):
        return None
    edits = _in_place(value, rewrite) if _is_only_searched(name.id, value, owner) else None
    if edits is not None:
        return review(f"Make `{name.id}` a set", *edits)
    statement = statement_of(loop)
    if not rewrite.stands_alone(statement):
        return None
    new = rewrite.fresh(f"{name.id}_set", owner)
    searched = [load for load in loads_in(loop, name.id, owner) if _is_searched(load)]
    return review(
        f"Look it up in a set, `{new}`",
        rewrite.lines_before(statement, f"{new} = set({name.id})"),
        *(rewrite.replace(load, new) for load in searched),
    )


def _is_only_searched(name: str, value: ast.expr, owner: Scope) -> bool:
    """Whether nothing else is done with the list, so that it can be a set from the start."""
    statement = parent(value)
    is_plain = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    return is_plain and not owner.used_elsewhere(name) and all(_is_searched(load) for load in owner.all_loads(name))


def _is_searched(load: ast.Name) -> bool:
    compare = parent(load)
    return isinstance(compare, ast.Compare) and any(
        right is load and isinstance(op, ast.In | ast.NotIn)
        for op, right in zip(compare.ops, compare.comparators, strict=True)
    )


def _in_place(value: ast.expr, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that make the expression of a list one of a set; None if it is not as simple as that."""
    match value:
        case ast.List() | ast.ListComp():
            start, end = rewrite.place(value)
            last = Range(Position(end.line, end.column - 1), end)
            return [Edit(Range(start, Position(start.line, start.column + 1)), "{"), Edit(last, "}")]
        case ast.Call(keywords=[]):
            return [rewrite.replace(value.func, "set")]
    return None
