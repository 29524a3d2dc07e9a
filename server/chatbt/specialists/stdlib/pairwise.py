"""itertools.pairwise

## What it does
Suggests `pairwise(points)` for `zip(points, points[1:])`.

## Why
The name says what the two arguments make the reader work out: each element with the one behind it. Nothing is copied,
and it works on iterators too, which cannot be sliced. Since Python 3.10.

## Example
    from itertools import chain

    def gaps(first, second):
        points = sorted(chain(first, second))
        return [right - left for left, right in zip(points, points[1:])]

Better:
    from itertools import chain, pairwise

    def gaps(first, second):
        points = sorted(chain(first, second))
        return [right - left for left, right in pairwise(points)]

## When the fix is safe
When what is sliced is proven to be a tuple, string or range, or a list that nothing else can change meanwhile: the
slice was a copy, `pairwise` goes over the list itself.

## Asked as
- zip(x, x[1:]), consecutive pairs of a list
- iterate over adjacent elements, current and next item, each with its successor
- compare every item with the one before it, previous element
- pairwise, sliding window of two, differences between neighbours
- RUF007, overlapping pairs, i and i + 1
- is a list sorted or increasing, segments between points
- each element together with the one after it
- difference between neighbouring values, gaps between timestamps
- for i in range(len(x) - 1) with x[i] and x[i + 1]
- (1, 2), (2, 3), (3, 4) out of a list
- look at two consecutive items at a time, lines between points of a path
- compare each entry with its follower, is a list increasing
- previous and current element together in a loop, zip(a, a[1:])

## References
- The Python Standard Library, itertools.pairwise
"""

import ast

from chatbt.analysis.consumption import consumption
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import before, contains, statement_of
from chatbt.analysis.loops import is_only_looked_at, is_own
from chatbt.analysis.names import callee, is_dynamic
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

# They go over what they are given, and let nobody else at it.
_ITERATORS = frozenset("builtins.enumerate builtins.reversed builtins.zip itertools.pairwise".split())


@stdlib(
    "SL005",
    module="itertools",
    since="0.1",
    ruff=("RUF007",),
    calls=("builtins.zip",),
    python=(3, 10),
    names={
        "itertools.pairwise": (
            "Each element with the one behind it: n elements make n - 1 pairs that overlap. Where the pairs should"
            " not overlap, `batched` is meant; of a single element there is no pair at all."
        ),
    },
)
def pairwise(call: ast.Call, scope: Scope) -> Findings:
    match call.args:
        case [
            ast.Name(id=name) as whole,
            ast.Subscript(
                value=ast.Name(id=other),
                slice=ast.Slice(lower=ast.Constant(value=1), upper=None, step=None | ast.Constant(value=1)),
            ),
        ] if name == other and all(_is_lax(one) for one in call.keywords):
            yield Finding(call, f"this pairs each element of `{name}` with the next, in a copy", about=whole)


def _is_lax(keyword: ast.keyword) -> bool:
    """Whether an argument is `strict=False`, which changes nothing."""
    return keyword.arg == "strict" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False


@pairwise.fix
def use_pairwise(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, whole = finding.node, finding.about
    assert isinstance(call, ast.Call) and isinstance(whole, ast.Name)
    name = rewrite.reached(scope, "itertools", "pairwise")
    if name is None:
        return None
    is_fixed = exactly(whole, scope, "tuple", "str", "bytes", "range")
    make = safe if is_fixed or (exactly(whole, scope, "list") and _is_left_alone(call, whole, scope)) else review
    return make(f"Use `{name}`", rewrite.replace(call, f"{name}({whole.id})"))


def _is_left_alone(call: ast.Call, whole: ast.Name, scope: Scope) -> bool:
    """Whether the list is used up on the spot, and no one else has hold of it who could change it before the end."""
    owner = scope.find(whole.id)
    used = consumption(call, scope)
    around = parent(call)
    if not isinstance(around, ast.For) and (used is None or not used.complete):
        return False
    if owner.kind != "function" or not is_own(whole.id, owner) or owner.captures(whole.id) or is_dynamic(owner):
        return False
    statement = statement_of(call)
    if any(contains(statement, binding) for binding in owner.bindings_of(whole.id)):
        return False
    mine = (whole, getattr(call.args[1], "value", None))
    others = [load for load in owner.all_loads(whole.id) if not any(load is one for one in mine)]
    return all(
        is_only_looked_at(load, owner)
        or callee(parent(load), owner) in _ITERATORS
        or _is_returned(load, call)
        or (_grows(load) and not contains(statement, load))
        for load in others
    )


def _is_returned(load: ast.Name, call: ast.Call) -> bool:
    """Whether the function is over once it is read, and the pairs are no longer needed."""
    statement = statement_of(load)
    return isinstance(statement, ast.Return) and (before(call, load) or not contains(statement, call))


def _grows(load: ast.Name) -> bool:
    """Whether the read is for a method that changes the list at once and keeps nothing of it."""
    method = parent(load)
    return (
        isinstance(method, ast.Attribute)
        and method.attr in ("append", "extend", "insert", "sort", "reverse", "remove", "clear")
        and isinstance(parent(method), ast.Call)
    )
