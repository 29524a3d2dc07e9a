"""Loops that a comprehension can take the place of: what is needed of the loop, and whether its scope may change."""

import ast
from collections.abc import Iterable
from typing import NamedTuple

from chatbt.analysis.flow import siblings, walk_block
from chatbt.analysis.liveness import lives_after, seen_when_failing
from chatbt.analysis.loops import is_own
from chatbt.analysis.mutation import is_mutated
from chatbt.analysis.names import is_builtin
from chatbt.analysis.scopes import Scope

_MOVED = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda)


class Round(NamedTuple):
    """A `for` loop of one statement: its loop, the condition that the statement is under, and the statement."""

    loop: ast.For
    test: ast.If | None
    body: list[ast.stmt]


def round_of(loop: ast.For) -> Round | None:
    """The loop with what its whole body does, under one `if` or none; None where there is more, or an `else`."""
    if loop.orelse:
        return None
    match loop.body:
        case [ast.If(body=body, orelse=[]) as test]:
            return Round(loop, test, body)
        case [_]:
            return Round(loop, None, loop.body)
    return None


class Started(NamedTuple):
    """The statement right before a loop that binds a variable, and to what."""

    statement: ast.Assign | ast.AnnAssign
    name: str
    value: ast.expr


def started(loop: ast.For) -> Started | None:
    """What the statement right before the loop binds, if it binds one variable."""
    before = siblings(loop)[0]
    match before[-1:]:
        case [ast.Assign(targets=[ast.Name(id=name)], value=value) as statement]:
            return Started(statement, name, value)
        case [ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) as statement]:
            return Started(statement, name, value)
    return None


def is_movable(loop: ast.For, parts: Iterable[ast.expr], scope: Scope) -> bool:
    """Whether `parts` of the loop mean the same in a comprehension, and nobody misses the loop's own variables.

    A comprehension has a scope of its own: no `await`, `yield`, walrus or lambda, no `super()`, nothing that looks at
    the names around it, not in a class.
    """
    if scope.kind not in ("function", "module") or scope.dynamic:
        return False
    targets = [loop.target]
    names: list[str] = []
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            targets += target.elts
        elif isinstance(target, ast.Starred):
            targets.append(target.value)
        elif isinstance(target, ast.Name):
            names.append(target.id)
        else:
            return False
    for part in (loop.iter, *parts):
        for node in ast.walk(part):
            if isinstance(node, _MOVED) or (isinstance(node, ast.Name) and node.id in ("super", "__class__")):
                return False
            if isinstance(node, ast.comprehension) and node.is_async:
                return False  # before Python 3.11 it cannot stand in one that is not
    return all(is_own(name, scope) and not lives_after(name, loop, scope) for name in names)


def mentions(name: str, parts: Iterable[ast.AST]) -> bool:
    """Whether the name stands in one of `parts`."""
    return any(isinstance(node, ast.Name) and node.id == name for part in parts for node in ast.walk(part))


def is_unseen(name: str, loop: ast.For, scope: Scope) -> bool:
    """Whether it is proven that nothing sees the half-built value of `name`, while the loop runs or when it fails."""
    if not is_own(name, scope) or scope.captures(name) or scope.dynamic or scope.file.notebook:
        return False
    return not scope.used_elsewhere(name) and not seen_when_failing(name, loop, scope)


def is_filled_on(name: str, loop: ast.For) -> bool:
    """Whether the next loop behind `loop` that has to do with the collection `name` goes on filling it."""
    for statement in siblings(loop)[1]:
        loads = [one for one in walk_block([statement]) if isinstance(one, ast.Name) and one.id == name]
        if isinstance(statement, ast.For | ast.AsyncFor | ast.While) and loads:
            return any(is_mutated(one) for one in loads)
        if any(isinstance(one.ctx, ast.Store) for one in loads):
            return False
    return False


def makes_empty(value: ast.expr, kind: str, scope: Scope) -> bool:
    """Whether an expression makes an empty list or dict: `[]`, `list()`, `{}`, `dict()`."""
    match value:
        case ast.List(elts=[]):
            return kind == "list"
        case ast.Dict(keys=[]):
            return kind == "dict"
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return name == kind and is_builtin(kind, scope)
    return False
