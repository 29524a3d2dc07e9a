"""How an iterator is used up: what runs through it, and whether it gets to the end."""

import ast
from dataclasses import dataclass

from chatbt.analysis.flow import ancestors
from chatbt.analysis.names import callee
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import receiver_type
from chatbt.analysis.ways import ways_out

_TO_THE_END = frozenset(
    "builtins.dict builtins.frozenset builtins.list builtins.set builtins.sorted builtins.sum builtins.tuple "
    "builtins.bytes collections.Counter collections.deque".split()
)
_OF_ONE = frozenset(("builtins.max", "builtins.min"))
_MAYBE_NOT = frozenset("builtins.all builtins.any builtins.zip".split())
# The position of the first argument that is iterated over; the result is as lazy as the argument.
_PASSING = {"builtins.enumerate": 0, "builtins.filter": 1, "builtins.map": 1}
_INTO = {"extend": ("list", "collections.deque", "bytearray"), "update": ("set", "dict", "collections.Counter")}
_COLLECTING = (ast.ListComp, ast.SetComp, ast.DictComp)


@dataclass(frozen=True, slots=True)
class Consumption:
    """What uses up an iterator, in words, and whether it certainly gets to its end when nothing raises."""

    by: str
    complete: bool


def consumption(load: ast.expr, scope: Scope) -> Consumption | None:
    """How the place where an iterator is read uses it up; None if it does not, or if that is not known."""
    node, around = load, parent(load)
    while True:
        if isinstance(around, ast.comprehension) and around.iter is node:
            whole = parent(around)
            if isinstance(whole, _COLLECTING):
                return Consumption("a comprehension", complete=True)
            assert isinstance(whole, ast.GeneratorExp)
            node, around = whole, parent(whole)
        elif isinstance(around, ast.Call) and _passes(around, node, scope):
            node, around = around, parent(around)
        else:
            break
    match around:
        case ast.Call():
            return _by_call(around, node, scope)
        case ast.For() if around.iter is node:
            return Consumption("a loop", "break" not in ways_out(around.body))
        case ast.Starred(ctx=ast.Load()):
            return Consumption("a star", complete=True)
        case ast.YieldFrom():
            return Consumption("`yield from`", complete=True)
        case ast.Compare(ops=[ast.In() | ast.NotIn()]) if around.left is not node:
            return Consumption("`in`", complete=False)
        case ast.Assign(targets=[ast.Tuple() | ast.List()]):
            return Consumption("unpacking", complete=False)
    return None


def _passes(call: ast.Call, node: ast.expr, scope: Scope) -> bool:
    first = _PASSING.get(callee(call, scope) or "")
    return first is not None and len(call.args) == first + 1 and call.args[first] is node


def _by_call(call: ast.Call, node: ast.expr, scope: Scope) -> Consumption | None:
    if not any(one is node for one in call.args):
        return None
    name = callee(call, scope)
    words = f"`{(name or '').rpartition('.')[2]}()`"
    if name in _TO_THE_END and call.args[0] is node:
        return Consumption(words, complete=True)
    if name in _OF_ONE and len(call.args) == 1:
        return Consumption(words, complete=True)
    if name in _MAYBE_NOT:
        return Consumption(words, complete=False)
    if not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
        return None
    method = call.func.attr
    if method == "join" or method in _INTO:
        found = receiver_type(call.func, scope)
        kinds = ("str", "bytes") if method == "join" else _INTO[method]
        if found is not None and found.name in kinds:
            return Consumption(f"`{method}()`", complete=True)
    return None


def is_repeated_in_comprehension(load: ast.expr) -> bool:
    """Whether a comprehension evaluates the place again and again: anywhere but in its first iterable."""
    below: ast.AST = load
    for around in ancestors(load):
        if isinstance(around, ast.stmt | ast.Lambda):
            return False
        if isinstance(around, (*_COLLECTING, ast.GeneratorExp)):
            first = around.generators[0]
            if below is not first or not any(one is first.iter for one in (load, *ancestors(load))):
                return True
        below = around
    return False
