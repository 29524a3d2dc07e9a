"""Properties that compute their value once and keep it in an attribute of their own."""

import ast
from typing import NamedTuple

from chatbt.analysis.outer import dotted


class Memo(NamedTuple):
    """The attribute, the `if` that computes what is not there yet, the value, and the `return` behind it."""

    attribute: str
    test: ast.If
    value: ast.expr
    result: ast.Return
    by_hasattr: bool


def memo(function: ast.AST | None) -> Memo | None:
    """How a property keeps its value, if that is all it does: `if self._x is None: self._x = ...; return self._x`."""
    if not isinstance(function, ast.FunctionDef) or [dotted(one) for one in function.decorator_list] != ["property"]:
        return None
    parameters = function.args.args
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    match body:
        case [
            ast.If(
                test=test,
                body=[ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=value)],
                orelse=[],
            ) as check,
            ast.Return(value=ast.Attribute(value=ast.Name(id=other), attr=returned)) as result,
        ] if parameters and (parameters[0].arg, name) == (owner, returned) and owner == other:
            absent = _is_absent(test, owner, name)
            return Memo(name, check, value, result, absent == "hasattr") if absent else None
    return None


def _is_absent(test: ast.expr, owner: str, name: str) -> str | None:
    """How a test says that the attribute is not there yet: by `is None` or `hasattr`; None if it does not."""
    match test:
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id=one), attr=tested),
            ops=[ast.Is()],
            comparators=[ast.Constant(value=None)],
        ):
            return "None" if (one, tested) == (owner, name) else None
        case ast.UnaryOp(
            op=ast.Not(),
            operand=ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=one), ast.Constant(value=tested)]),
        ):
            return "hasattr" if (one, tested) == (owner, name) else None
    return None


def starts(function: ast.AST | None) -> dict[str, ast.Assign]:
    """The attributes that an `__init__` sets to None, once, right in its body, each with the statement."""
    if not isinstance(function, ast.FunctionDef) or function.name != "__init__" or not function.args.args:
        return {}
    found: dict[str, ast.Assign] = {}
    for statement in function.body:
        match statement:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=ast.Constant(value=None)
            ) if owner == function.args.args[0].arg:
                found.setdefault(name, statement)
    return found
