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

from chatbt.analysis.finding import Finding
from chatbt.analysis.keyed import filled, is_item, is_kept, missing
from chatbt.analysis.loops import Accumulator
from chatbt.analysis.names import is_builtin
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_ADDING = frozenset("append extend add update insert appendleft".split())


class _Grouping(NamedTuple):
    """How the dict `name` is filled, what makes a new key's value, and what does it now: an `if` or `setdefault`."""

    name: str
    found: Accumulator
    factory: str
    place: ast.If | ast.Call
    key: ast.expr


@stdlib(
    "SL001",
    module="collections",
    since="0.1",
    stability="preview",
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
    about = _by_test(statement, scope) if isinstance(statement, ast.If) else _by_setdefault(statement, scope)
    if about is not None and is_kept(about.name, scope):
        message = f"each new key of `{about.name}` is given its first `{about.factory}` by hand"
        yield Finding(about.place, message, about=about)


def _by_test(statement: ast.If, scope: Scope) -> _Grouping | None:
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
    around = filled(found.name, [statement, found.following], scope)
    return _Grouping(found.name, around, factory, statement, found.key) if around else None


def _by_setdefault(statement: ast.stmt, scope: Scope) -> _Grouping | None:
    """`name.setdefault(key, []).append(x)` and `name.setdefault(key, {})[x] = y`."""
    for call in _changed(statement):
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="setdefault"), args=[key, value], keywords=[]
            ) if (factory := _factory(value, scope)) is not None:
                around = filled(name, [statement], scope)
                return _Grouping(name, around, factory, call, key) if around else None
    return None


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
    start, end = rewrite.place(about.place)
    if isinstance(about.place, ast.If):
        lines = Range(start, Position(end.line + 1, 0))
        if not rewrite.stands_alone(about.place) or comments_within(lines, rewrite.walked):
            return None
        edit = rewrite.remove(about.place)
    else:
        receiver = about.place.func
        assert isinstance(receiver, ast.Attribute)
        edit = rewrite.replace(about.place, f"{rewrite.text(receiver.value)}[{rewrite.text(about.key)}]")
    name = rewrite.reached(scope, "collections", "defaultdict")
    if name is None:
        return None
    title = f"Make it a `{name}({about.factory})`"
    return review(title, rewrite.replace(about.found.value, f"{name}({about.factory})"), edit)
