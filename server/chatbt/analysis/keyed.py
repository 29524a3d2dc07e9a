"""Dicts that a loop fills key by key: where the key is missing and where it is there, told apart by hand."""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.flow import siblings
from chatbt.analysis.handlers import is_awaited
from chatbt.analysis.loops import Accumulator, accumulator
from chatbt.analysis.names import qualified, same, scope_of
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope

_LOOKERS = frozenset(
    f"builtins.{name}" for name in "all any dict enumerate frozenset iter len list max min set sorted tuple".split()
)


class Item(NamedTuple):
    """`name[key]`, as a node."""

    name: str
    key: ast.expr
    node: ast.Subscript


def item(node: ast.AST) -> Item | None:
    """The item of a variable that `node` is."""
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=key) if not isinstance(key, ast.Slice):
            return Item(name, key, node)
    return None


def is_item(node: ast.AST, name: str, key: ast.expr) -> bool:
    """Whether `node` is `name[key]`."""
    found = item(node)
    return found is not None and found.name == name and same(found.key, key)


def membership(test: ast.expr) -> tuple[str, ast.expr, bool] | None:
    """The variable and the key of `key in name` and `key not in name`, and whether it is the former."""
    match test:
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn() as op], comparators=[ast.Name(id=name)]):
            return name, key, isinstance(op, ast.In)
    return None


class Missing(NamedTuple):
    """`if key not in name: name[key] = value`, and the statement behind it."""

    name: str
    key: ast.expr
    value: ast.expr
    following: ast.stmt


def missing(statement: ast.If) -> Missing | None:
    """What a statement does for a missing key, if that is all it does, and another one follows."""
    tested = membership(statement.test)
    if tested is None or tested[2] or statement.orelse or len(statement.body) != 1:
        return None
    name, key, _ = tested
    behind = siblings(statement)[1]
    match statement.body[0]:
        case ast.Assign(targets=[target], value=value) if behind and is_item(target, name, key):
            return Missing(name, key, value, behind[0])
    return None


def filled(name: str, statements: Sequence[ast.stmt], scope: Scope) -> Accumulator | None:
    """The loop around `statements`, one behind the other, before which the dict `name` is made, empty.

    None if dicts are joined there, as every kind of them does in its own way.
    """
    found = accumulator(name, statements[0], scope)
    owner = scope.find(name)
    if found is None or not _is_empty_dict(found.value, scope) or len(owner.bindings_of(name)) != 1:
        return None
    return None if any(_is_joined(load) for load in owner.all_loads(name)) else found


def _is_joined(load: ast.Name) -> bool:
    around = parent(load)
    return isinstance(around, ast.BinOp | ast.AugAssign) or (
        isinstance(around, ast.Attribute) and around.attr in ("update", "subtract", "fromkeys")
    )


def _is_empty_dict(value: ast.expr, scope: Scope) -> bool:
    match value:
        case ast.Dict(keys=[]):
            return True
        case ast.Call(func=function, args=[], keywords=[]):
            return qualified(function, scope) == "builtins.dict"
    return False


def is_kept(name: str, scope: Scope) -> bool:
    """Whether nobody but this function gets hold of the dict `name`, and nothing waits for a key that is missing.

    Every read looks a key up in it, asks for one, or goes over it.
    """
    return scope.find(name).kind == "function" and all(
        _looks_inside(load, scope_of(load)) for load in scope.find(name).all_loads(name)
    )


def _looks_inside(load: ast.Name, scope: Scope) -> bool:
    around = parent(load)
    match around:
        case ast.Subscript(value=value) if value is load:
            return not is_awaited(around, ("builtins.KeyError", "builtins.LookupError"), scope)
        case ast.Attribute(attr="get" | "items" | "keys" | "pop" | "setdefault" | "values") as method:
            return isinstance(parent(method), ast.Call)
        case ast.For(iter=looked) | ast.comprehension(iter=looked) if looked is load:
            return True
        case ast.Compare(left=left):
            return left is not load
        case ast.keyword(arg=None):
            return True
        case ast.Call(func=function, args=[looked, *_]) if looked is load:
            return qualified(function, scope) in _LOOKERS
    return is_tested(load)
