"""What a comprehension does when a generator does it instead: its elements come one by one, perhaps not all of them."""

import ast

from chatbt.analysis.names import is_builtin, scope_of
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.truth import is_bool
from chatbt.analysis.types import exactly

COLLECTIONS = ("list", "tuple", "str", "bytes", "range", "dict", "set", "frozenset")
_PLAIN = (
    ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare,
    ast.IfExp, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr, ast.FormattedValue, ast.keyword,
    ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
_CALLED = frozenset(
    "abs ascii bool bytes chr complex divmod float format hash hex id int isinstance issubclass len ord pow range repr "
    "round str type".split()
)


def is_plain(comprehension: ast.ListComp | ast.GeneratorExp) -> bool:
    """Whether a comprehension neither awaits anything nor binds a variable of the code around it."""
    return not any(one.is_async for one in comprehension.generators) and not any(
        isinstance(node, ast.Await | ast.NamedExpr) for node in ast.walk(comprehension)
    )


def never_stops(comprehension: ast.ListComp) -> bool:
    """Whether what runs in every round raises no StopIteration, which a generator would turn into RuntimeError.

    It is made of names, constants, attributes, operators and calls of builtins that only look.
    """
    scope: Scope = comprehension.__dict__["scope"]
    return all(_is_plain_part(node, scope) for part in _repeated(comprehension) for node in ast.walk(part))


def _is_plain_part(node: ast.AST, scope: Scope) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _CALLED and is_builtin(node.func.id, scope)
    return isinstance(node, _PLAIN)


def _repeated(comprehension: ast.ListComp) -> list[ast.expr]:
    later = [one.iter for one in comprehension.generators[1:]]
    return [comprehension.elt, *later, *(test for one in comprehension.generators for test in one.ifs)]


def cannot_fail(comprehension: ast.ListComp) -> bool:
    """Whether all of a comprehension's elements can be made: it goes over builtin collections and only looks."""
    scope: Scope = comprehension.__dict__["scope"]
    return (
        all(exactly(one.iter, scope_of(one.iter), *COLLECTIONS) for one in comprehension.generators)
        and all(isinstance(one.target, ast.Name) for one in comprehension.generators)
        and all(is_bool(test, scope) and _looks(test, scope) for one in comprehension.generators for test in one.ifs)
        and _looks(comprehension.elt, scope)
    )


def _looks(node: ast.expr, scope: Scope) -> bool:
    """Whether evaluating `node` neither fails nor does anything."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            bindings = scope.bindings_of(name)
            return bool(bindings) and all(
                isinstance(one, ast.arg) or isinstance(parent(one), ast.comprehension) for one in bindings
            )
        case ast.Compare(left=left, ops=ops, comparators=others):
            by_identity = all(isinstance(op, ast.Is | ast.IsNot) for op in ops)
            scalars = all(exactly(one, scope, "int", "float", "str", "bool") for one in (left, *others))
            same = all(isinstance(op, ast.Eq | ast.NotEq) for op in ops) and scalars
            return (by_identity or same) and all(_looks(one, scope) for one in (left, *others))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return is_bool(operand, scope) and _looks(operand, scope)
        case ast.BoolOp(values=values):
            return all(is_bool(one, scope) and _looks(one, scope) for one in values)
        case ast.Call(func=ast.Name(id="isinstance"), args=[subject, ast.Name(id=kind)], keywords=[]):
            types = ("str", "bytes", "int", "float", "bool", "list", "tuple", "dict", "set", "frozenset")
            known = kind in types and is_builtin(kind, scope) and is_builtin("isinstance", scope)
            return known and _looks(subject, scope)
    return False
