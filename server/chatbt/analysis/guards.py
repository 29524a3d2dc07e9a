"""Conditions that hold where a name is read: the tests around it and the assertions and early exits before it."""

import ast
from collections.abc import Iterator

from chatbt.analysis.flow import always_leaves, ancestors, is_in_body, siblings
from chatbt.analysis.scopes import Scope

_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def guarding(node: ast.Name, scope: Scope) -> Iterator[ast.expr]:
    """The conditions that hold when `node` is read and that nothing between rebinds its name, nearest first."""
    rebinding = {one for binding in scope.bindings_of(node.id) for one in (binding, *ancestors(binding))}
    below: ast.AST = node
    for around in ancestors(node):
        if isinstance(below, ast.stmt):
            yield from _before(below, rebinding)
        if isinstance(around, _BOUNDARIES) and is_in_body(around, below):
            return
        for test in _around(around, below):
            if around not in rebinding:
                yield from _conjuncts(test)
        below = around


def _around(around: ast.AST, below: ast.AST) -> list[ast.expr]:
    """The tests of `around` that are true when its part `below` runs."""
    match around:
        case ast.If(test=test) | ast.While(test=test):
            return [test] if any(below is one for one in around.body) else []
        case ast.IfExp(test=test, body=body):
            return [test] if below is body else []
        case ast.BoolOp(op=ast.And(), values=values):
            index = next(i for i, one in enumerate(values) if one is below)
            return values[:index]
    return []


def _before(statement: ast.stmt, rebinding: set[ast.AST]) -> Iterator[ast.expr]:
    """What the assertions and early exits before `statement`, in its block, make sure of."""
    if statement in rebinding:
        return
    for one in reversed(siblings(statement)[0]):
        match one:
            case ast.Assert(test=test):
                yield from _conjuncts(test)
            case ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=body, orelse=[]) if always_leaves(body):
                yield from _conjuncts(test)
        if one in rebinding:
            return


def _conjuncts(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
