"""collections.defaultdict

## What it does
Suggests a `defaultdict` for a dict that a loop groups things in: by `groups.setdefault(key, []).append(x)`, or with an
`if key not in groups:` that puts an empty collection there first. The dict must stay in its function: whoever else gets
it may rely on the KeyError that a plain dict raises.

## Why
What a new key starts with is said once, where the dict is made, and not again in every round. The key is looked up once
and no list is made in vain, as `setdefault` makes one each time.

## Example
    from itertools import chain

    def by_initial(words, names):
        groups = {}
        for word in chain(words, names):
            if word[0] not in groups:
                groups[word[0]] = []
            groups[word[0]].append(word)
        return sorted(groups.items())

Better:
    from collections import defaultdict
    from itertools import chain

    def by_initial(words, names):
        groups = defaultdict(list)
        for word in chain(words, names):
            groups[word[0]].append(word)
        return sorted(groups.items())

## When the fix is safe
Never without a look: to read a missing key with `groups[key]` adds it from then on, where it raised KeyError.

## References
- The Python Standard Library, collections.defaultdict
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import is_one_line
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, position, statement_of
from chatbt.analysis.keyed import filled, is_item, is_kept, missing
from chatbt.analysis.names import is_builtin
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_ADDING = frozenset("append extend add update insert appendleft".split())


class _Filling(NamedTuple):
    """Where a key that is missing gets its value, what makes it, and what does it now: an `if` or `setdefault`."""

    name: str
    factory: str
    place: ast.If | ast.Call
    key: ast.expr
    statements: list[ast.stmt]


class _Grouping(NamedTuple):
    """What makes the empty dict, what makes its values, and all the places that fill it."""

    value: ast.expr
    factory: str
    places: list[_Filling]


@stdlib(
    "SL001",
    module="collections",
    since="0.1",
    names={
        "collections.defaultdict": (
            "A dict that makes what is missing by calling its factory: `defaultdict(list)`. Looking a key up with"
            " `[]` puts it in, so whether a key is there has to be asked with `in` or `get`; that is its commonest"
            " misuse."
        ),
    },
)
def defaultdict_grouping(statement: ast.If | ast.Expr | ast.Assign | ast.AugAssign, scope: Scope) -> Findings:
    if not scope.loops:
        return
    first = _filling(statement, scope)
    found = filled(first.name, first.statements, scope) if first else None
    if first is None or found is None or not is_kept(first.name, scope):
        return
    places = _all_of(first, scope)
    # One finding for all places, which change together: at the first.
    if places and first.place is places[0].place:
        message = f"each new key of `{first.name}` is given its first `{first.factory}` by hand"
        yield Finding(first.place, message, about=_Grouping(found.value, first.factory, places))


def _filling(statement: ast.stmt, scope: Scope) -> _Filling | None:
    if isinstance(statement, ast.If):
        return _by_test(statement, scope)
    return _by_setdefault(statement, scope)


def _by_test(statement: ast.If, scope: Scope) -> _Filling | None:
    """`if key not in name: name[key] = []`, and behind it a statement that adds to `name[key]`."""
    found = missing(statement)
    factory = _factory(found.value, scope) if found else None
    if found is None or factory is None:
        return None
    changed = _changed(found.following)
    if isinstance(found.following, ast.AugAssign) and not _is_one(found.following.value):
        changed = [*changed, found.following.target]
    if not any(is_item(one, found.name, found.key) for one in changed):
        return None
    return _Filling(found.name, factory, statement, found.key, [statement, found.following])


def _by_setdefault(statement: ast.stmt, scope: Scope) -> _Filling | None:
    """`name.setdefault(key, []).append(x)` and `name.setdefault(key, {})[x] = y`."""
    for call in _changed(statement):
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="setdefault"), args=[key, value], keywords=[]
            ) if (factory := _factory(value, scope)) is not None:
                return _Filling(name, factory, call, key, [statement])
    return None


def _all_of(first: _Filling, scope: Scope) -> list[_Filling]:
    """All places that fill the dict, in order; none if they do it in different ways."""
    found: dict[int, _Filling] = {}
    for load in sorted(scope.all_loads(first.name), key=position):
        one = _filling(statement_of(load), scope)
        if one is not None and one.name == first.name and contains(one.place, load):
            if one.factory != first.factory:
                return []
            found[id(one.place)] = one
        elif getattr(parent(load), "attr", None) == "setdefault":
            return []
    return list(found.values())


def _changed(statement: ast.stmt) -> list[ast.expr]:
    """The collection that a statement adds to, or sets an item of."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=changed, attr=method))) if method in _ADDING:
            return [changed]
        case ast.Assign(targets=[ast.Subscript(value=changed)]) | ast.AugAssign(target=ast.Subscript(value=changed)):
            return [changed]
    return []


def _is_one(value: ast.expr) -> bool:
    """Whether a statement that adds the value makes a tally."""
    return isinstance(value, ast.Constant) and value.value == 1


def _factory(value: ast.expr, scope: Scope) -> str | None:
    """The class of an empty collection, or `int` for zero."""
    match value:
        case ast.List(elts=[]):
            name = "list"
        case ast.Dict(keys=[]):
            name = "dict"
        case ast.Constant(value=0) if type(value.value) is int:
            name = "int"
        case ast.Call(func=ast.Name(id="list" | "dict" | "set" | "int" as name), args=[], keywords=[]):
            pass
        case _:
            return None
    return name if is_builtin(name, scope) else None


@defaultdict_grouping.fix
def use_defaultdict(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    about = finding.about
    assert isinstance(about, _Grouping)
    name = rewrite.reached(scope, "collections", "defaultdict")
    edits = [_filled_alone(one, rewrite) for one in about.places]
    if name is None or None in edits:
        return None
    made = f"{name}({about.factory})"
    return review(f"Make it a `{made}`", rewrite.replace(about.value, made), *filter(None, edits))


def _filled_alone(filling: _Filling, rewrite: Rewrite) -> Edit | None:
    """The edit after which the key is simply looked up."""
    start, end = rewrite.place(filling.place)
    if isinstance(filling.place, ast.If):
        lines = Range(start, Position(end.line + 1, 0))
        is_alone = rewrite.stands_alone(filling.place) and not comments_within(lines, rewrite.walked)
        return rewrite.remove(filling.place) if is_alone else None
    key = rewrite.text(filling.key)
    if isinstance(filling.key, ast.Tuple) and _needs_none(filling.key) and is_enclosed(key):
        key = key[1:-1]
    return rewrite.replace(filling.place, f"{filling.name}[{key}]")


def _needs_none(key: ast.Tuple) -> bool:
    """Whether a key reads the same without its brackets: several elements in one line, no star and no `:=`."""
    is_plain = not any(isinstance(one, ast.Starred | ast.NamedExpr) for one in key.elts)
    return len(key.elts) > 1 and is_one_line(key) and is_plain
