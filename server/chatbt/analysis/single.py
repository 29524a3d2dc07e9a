"""Loops of a single statement, which could as well be the clause of a generator."""

import ast

from chatbt.analysis.flow import ancestors, contains, position
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import callee, is_dynamic
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Position, Range

_MOVED = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda)


def header_of(loop: ast.For) -> Range:
    """The place of `for x in xs`, without the parentheses and the colon that may follow."""
    return Range(Position(*position(loop)[:2]), Position(*position(loop.iter)[2:]))


def names_in(node: ast.AST) -> set[str]:
    """The names that stand anywhere in `node`."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def fits_generator(loop: ast.For, parts: list[ast.expr], scope: Scope) -> bool:
    """Whether a generator could run through a loop's iterable and evaluate `parts` in each round.

    Its variables are plain names that nobody reads after the loop, and nothing awaits, yields, binds or captures.
    """
    if loop.orelse or scope.kind == "class" or is_dynamic(scope):
        return False
    targets = [one for one in ast.walk(loop.target) if isinstance(one, ast.expr)]
    if not all(isinstance(one, ast.Name | ast.Tuple) for one in targets):
        return False
    if any(isinstance(node, _MOVED) for part in (loop.iter, *parts) for node in ast.walk(part)):
        return False
    if names_in(loop.target) & names_in(loop.iter):
        return False  # a generator's own variables are not those of the code around it
    return not any(is_read_later(name, loop, scope) for name in names_in(loop.target))


def is_read_later(name: str, loop: ast.For, scope: Scope) -> bool:
    """Whether what a loop leaves in its variable `name` may be read after it.

    Another loop over the same variable sets it before its body reads it.
    """
    if not lives_after(name, loop, scope):
        return False
    if not is_own(name, scope) or scope.captures(name) or scope.used_elsewhere(name):
        return True
    return not all(
        any(
            isinstance(around, ast.For)
            and name in names_in(around.target)
            and any(contains(one, load) for one in (loop, *around.body))
            for around in ancestors(load)
        )
        for load in scope.all_loads(name)
    )


def is_by_index(loop: ast.For, scope: Scope) -> bool:
    """Whether a loop goes over `range(len(xs))`."""
    match loop.iter:
        case ast.Call(args=[*_, ast.Call() as length]):
            return callee(loop.iter, scope) == "builtins.range" and callee(length, scope) == "builtins.len"
    return False
