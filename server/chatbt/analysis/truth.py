"""Whether an expression is True or False itself, rather than something that counts as one of them."""

import ast

from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly

_SCALARS = ("int", "float", "str", "bytes", "bool")
_EQUATED = (*_SCALARS, "NoneType", "list", "tuple", "dict", "set", "frozenset", "complex")

_QUESTIONS = frozenset(
    "startswith endswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace "
    "istitle isupper".split()
)


def is_bool(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is proven to be True or False: `not`, `in`, `is`, or a comparison of builtin objects."""
    match node:
        case ast.BoolOp(values=values):
            return all(is_bool(one, scope) for one in values)
        case ast.Compare(left=left, ops=ops, comparators=others):
            operands = [left, *others]
            return all(_compares(op, operands[i : i + 2], scope) for i, op in enumerate(ops))
    return exactly(node, scope, "bool")


def _compares(op: ast.cmpop, pair: list[ast.expr], scope: Scope) -> bool:
    if isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn):
        return True
    kinds = _EQUATED if isinstance(op, ast.Eq | ast.NotEq) else _SCALARS
    return all(exactly(one, scope, *kinds) for one in pair)


def looks_bool(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is most likely True or False: proven to be, a comparison, a question to a string."""
    match node:
        case ast.BoolOp(values=values):
            return all(looks_bool(one, scope) for one in values)
        case ast.Compare():
            return True
        case ast.Call(func=ast.Attribute(attr=name)) if name in _QUESTIONS:
            return True
    return is_bool(node, scope)
