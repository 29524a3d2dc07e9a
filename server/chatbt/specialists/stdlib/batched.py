"""itertools.batched

## What it does
Suggests `batched(rows, 50)` where a loop or comprehension counts through a list or tuple in steps, only to slice a
part of that length from each place.

## Why
Three times the same length and twice the same name have to agree before `rows[i:i + 50]` is right. `batched` says it
once. Since Python 3.12.

## Example
    from itertools import chain

    def pages(first, second):
        rows = list(chain(first, second))
        return [rows[i:i + 50] for i in range(0, len(rows), 50)]

Better:
    from itertools import batched, chain

    def pages(first, second):
        rows = list(chain(first, second))
        return [list(batch) for batch in batched(rows, 50)]

## When the fix is safe
Never without a look: the parts are made of what the list holds by then, and a subclass may make parts of its own. It is
offered only where the type is known: the parts of a string or an array are no lists.

## Asked as
- split a list into chunks of equal size
- for i in range(0, len(x), n): x[i:i+n]
- batches, process n items at a time, groups of ten, pages
- itertools.batched, evenly sized pieces, slices of a fixed length
- insert many rows into a database in portions
- chunk an iterable
- slice a list into groups of a hundred, send them in packets
- range with a step and a slice
- divide a big list into smaller lists of the same length
- API accepts only fifty ids at once
- pages or rows of n elements
- twenty at a time, portions of a list, packets of n
- chunks, evenly sized parts, last one may be shorter

## References
- The Python Standard Library, itertools.batched
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, contains
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.loops import Comprehension, rebinds
from chatbt.analysis.mutation import is_mutated
from chatbt.analysis.names import same, scope_of
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

_SIZES = (ast.Constant, ast.Name, ast.Attribute)


class _Parts(NamedTuple):
    """What is cut into parts of which size, the variable that counts the places, and the slices."""

    whole: ast.Name
    size: ast.expr
    place: ast.Name
    slices: tuple[ast.Subscript, ...]


@stdlib(
    "SL006",
    module="itertools",
    since="0.1",
    calls=("builtins.range",),
    python=(3, 12),
    names={
        "itertools.batched": (
            "Tuples of n elements each, one after the other. What is often forgotten is that the last may be shorter;"
            " from Python 3.13 on `strict=True` raises ValueError instead."
        ),
    },
)
def batched(call: ast.Call, scope: Scope) -> Findings:
    match call:
        case ast.Call(
            args=[
                ast.Constant(value=0),
                ast.Call(func=ast.Name(id="len"), args=[ast.Name() as whole], keywords=[]),
                size,
            ],
            keywords=[],
        ) if isinstance(size, _SIZES) and proven(whole, scope, "list", "tuple"):
            pass
        case _:
            return
    around = parent(call)
    loop = parent(around) if isinstance(around, ast.comprehension) else around
    if isinstance(around, ast.comprehension) and (around.ifs or len(_generators(loop)) != 1):
        return
    if not isinstance(loop, ast.For | Comprehension) or not isinstance(around, ast.For | ast.comprehension):
        return
    target = around.target
    if not isinstance(target, ast.Name) or around.iter is not call or _is_changed(loop, whole, size, scope):
        return
    slices = _slices(loop, target, whole, size, scope)
    if slices:
        message = f"`{target.id}` counts through `{whole.id}` only to cut it into parts"
        yield Finding(call, message, about=_Parts(whole, size, target, slices))


def _generators(loop: ast.AST) -> list[ast.comprehension]:
    found: list[ast.comprehension] = getattr(loop, "generators", [])
    return found


def _is_changed(loop: ast.AST, whole: ast.Name, size: ast.expr, scope: Scope) -> bool:
    """Whether the loop itself changes the list, or rebinds a name of the header; or a size below one is written."""
    if isinstance(size, ast.Constant) and (type(size.value) is not int or size.value < 1):
        return True
    names = [node.id for one in (whole, size) for node in ast.walk(one) if isinstance(node, ast.Name)]
    if any(rebinds(loop, name, scope) for name in names):
        return True
    return any(is_mutated(load) for load in scope.find(whole.id).all_loads(whole.id) if contains(loop, load))


def _slices(
    loop: ast.AST, target: ast.Name, whole: ast.Name, size: ast.expr, scope: Scope
) -> tuple[ast.Subscript, ...]:
    """The slices of one part, if there is nothing else that the place is used for."""
    inside = scope_of(target)
    if len(inside.bindings_of(target.id)) != 1 or (isinstance(loop, ast.For) and lives_after(target.id, loop, inside)):
        return ()
    found: list[ast.Subscript] = []
    for load in inside.find(target.id).all_loads(target.id):
        part = next((one for one in ancestors(load) if isinstance(one, ast.Subscript)), None)
        if part is None or not _is_part(part, target.id, whole, size):
            return ()
        if part not in found:
            found.append(part)
    return tuple(found)


def _is_part(node: ast.Subscript, place: str, whole: ast.Name, size: ast.expr) -> bool:
    match node:
        case ast.Subscript(
            value=ast.Name(id=name),
            slice=ast.Slice(lower=ast.Name(id=start), upper=ast.BinOp(left=left, op=ast.Add(), right=right), step=None),
            ctx=ast.Load(),
        ) if (name, start) == (whole.id, place):
            first, second = (left, right) if isinstance(left, ast.Name) and left.id == place else (right, left)
            return isinstance(first, ast.Name) and first.id == place and same(second, size)
    return False


@batched.fix
def use_batched(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    parts = finding.about
    assert isinstance(parts, _Parts)
    name = rewrite.reached(scope, "itertools", "batched")
    if name is None:
        return None
    batch = rewrite.fresh("batch", scope)
    part = f"list({batch})" if proven(parts.whole, scope, "list") else batch
    return review(
        f"Use `{name}`",
        rewrite.replace(parts.place, batch),
        rewrite.replace(finding.node, f"{name}({parts.whole.id}, {rewrite.text(parts.size)})"),
        *(rewrite.replace(one, part) for one in parts.slices),
    )
