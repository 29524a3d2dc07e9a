"""Loop that appends to a list one by one

## What it does
Reports a loop whose only statement appends to a list that is not empty before.

## Why
`extend` says at once that all of it is added, and adds it in one go instead of looking up and calling `append` for
every element.

## Example
    def rows(batch):
        out = [0]
        for item in batch:
            out.append(item)
        return out

Better:
    def rows(batch):
        out = [0]
        out.extend(batch)
        return out

## When the fix is safe
When the elements themselves are added, and the list is made by a display or `list()` in the same function and nothing
else has got hold of it by then: what is added can neither be the list itself nor look at it. Elements that are worked
out in between are worth a look.

## Asked as
- for x in b: a.append(x), add all elements of one list to another
- extend a list by another list, append many items at once
- PERF402, concatenate two lists in place, merge lists
- append in a loop against extend or +=
- append adds the list as one nested element
- put several elements at the end of a list
- append every element of one list to another list without a loop
- for item in new: all_items.append(item)
- put two lists together, add a list to the end of a list
- append several values at once
- for p in page_items: items.append(p)
- all of another list should go into this list

## References
- The Python Library Reference, Mutable Sequence Types
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import has_comment
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import before, contains, enclosing_loops, siblings
from chatbt.analysis.loops import is_only_looked_at, is_own
from chatbt.analysis.names import is_dynamic, same
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.single import fits_generator, header_of, is_by_index, names_in
from chatbt.analysis.types import exactly, makes_mutable, proven
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.generators import fits, generator_text
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic

_METHODS = frozenset("append extend insert pop remove clear sort reverse".split())


class _Added(NamedTuple):
    """The list that a loop appends to, as it is read there, and what is appended."""

    out: ast.Name
    element: ast.expr


@pythonic("PY031", since="0.1", ruff=("PERF402",), yields_to=("PY004",))
def bulk_extend(loop: ast.For, scope: Scope) -> Findings:
    added = _added(loop)
    if added is None or not proven(added.out, scope, "list"):
        return
    name, variables = added.out.id, names_in(loop.target)
    mentioned = names_in(loop.iter) | names_in(added.element)
    if name in mentioned | variables or not variables & names_in(added.element) or is_by_index(loop, scope):
        return
    if _starts_empty(loop, name) or not fits_generator(loop, [added.element], scope):
        return
    if has_comment(loop, added.out, scope):
        return
    text = _text(added, loop, Rewrite(scope.chunk)) if scope.chunk else None
    if text is not None and fits(loop, text):
        yield Finding(loop, f"the loop only appends to `{name}`", stretch=header_of(loop), about=added)


def _added(loop: ast.For) -> _Added | None:
    match loop.body:
        case [ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as out, attr="append"), args=[element],
                                      keywords=[]))] if not isinstance(element, ast.Starred):  # fmt: skip
            return _Added(out, element)
    return None


def _starts_empty(loop: ast.For, name: str) -> bool:
    """Whether the statement before the loop sets the list to an empty one, which a comprehension could be."""
    earlier = siblings(loop)[0][-1:]
    match earlier:
        case [ast.Assign(targets=[ast.Name(id=target)], value=value)]:
            pass
        case [ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)]:
            pass
        case _:
            return False
    is_empty = (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Call) and not value.args)
    return target == name and is_empty


def _text(added: _Added, loop: ast.For, rewrite: Rewrite) -> str | None:
    generator = generator_text(added.element, loop, None, rewrite)
    return None if generator is None else f"{added.out.id}.extend({generator})"


@bulk_extend.fix
def extend_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop, added = finding.node, finding.about
    assert isinstance(loop, ast.For) and isinstance(added, _Added)
    text = _text(added, loop, rewrite)
    if text is None:
        return None
    whole = isinstance(added.element, ast.Name) and same(added.element, loop.target)
    make = safe if whole and _is_unshared(added.out, loop, scope) else review
    return make(f"Extend `{added.out.id}`", rewrite.replace(loop, text))


def _is_unshared(out: ast.Name, loop: ast.For, scope: Scope) -> bool:
    """Whether a list is made in this very function or module and nobody else can have it when the loop starts."""
    name = out.id
    if not is_own(name, scope) or scope.captures(name) or scope.used_elsewhere(name) or is_dynamic(scope):
        return False
    values = [assigned_value(one) for one in scope.bindings_of(name)]
    if not all(value is not None and makes_mutable(value, scope) == "list" for value in values):
        return False
    around = enclosing_loops(loop)
    earlier = (
        load for load in scope.all_loads(name) if before(load, loop) or any(contains(one, load) for one in around)
    )
    return exactly(out, scope, "list") and all(_keeps_it(load, scope) for load in earlier)


def _keeps_it(load: ast.Name, scope: Scope) -> bool:
    """Whether the list stays with its variable where it is read: a method of its own is called, or it is looked at."""
    around = parent(load)
    if isinstance(around, ast.Attribute) and around.attr in _METHODS:
        call = parent(around)
        return isinstance(call, ast.Call) and call.func is around
    return is_only_looked_at(load, scope)
