"""Proven types, and what operators make of them."""

import ast
from dataclasses import dataclass
from functools import reduce

SEQUENCES = frozenset("str bytes list tuple".split())
_NUMBERS = ("float", "int", "bool")


@dataclass(frozen=True, slots=True)
class Proven:
    """A proven type: a builtin's name or a dotted path. `exact`: of this very class, not of a subclass."""

    name: str
    exact: bool


def common(found: list[Proven | None]) -> Proven | None:
    """The type that all of `found` have."""
    return reduce(_both, found) if found else None


def _both(one: Proven | None, other: Proven | None) -> Proven | None:
    if one is None or other is None or one.name != other.name:
        return None
    return Proven(one.name, one.exact and other.exact)


def operated(left: Proven, op: ast.operator, right: Proven | None) -> Proven | None:
    """The type of `left op right`."""
    if isinstance(op, ast.Mod) and left.name in ("str", "bytes") and left.exact:
        return left
    if right is None:
        return None
    exact = left.exact and right.exact
    alike = left.name == right.name
    if left.name in _NUMBERS and right.name in _NUMBERS:
        return _calculated(left, op, right)
    match op:
        case ast.Add() if alike and left.name in SEQUENCES:
            return Proven(left.name, exact)
        case ast.Mult() if left.name in SEQUENCES and right.name in ("int", "bool"):
            return left
        case ast.Mult() if right.name in SEQUENCES and left.name in ("int", "bool"):
            return right
        case ast.BitOr() if alike and left.name in ("set", "frozenset", "dict"):
            return Proven(left.name, exact)
        case ast.BitAnd() | ast.BitXor() | ast.Sub() if alike and left.name in ("set", "frozenset"):
            return Proven(left.name, exact)
        case ast.Div() if left.name == "pathlib.Path" and right.name in ("pathlib.Path", "str"):
            return left
    return None


def _calculated(left: Proven, op: ast.operator, right: Proven) -> Proven | None:
    exact = left.exact and right.exact
    if isinstance(op, ast.Div):
        return Proven("float", exact)
    if isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.FloorDiv | ast.Mod):
        return Proven("float" if "float" in (left.name, right.name) else "int", exact)
    return None
