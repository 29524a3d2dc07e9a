"""Loops: what runs again and again, what a loop rebinds, and what is built up in one."""

import ast
from typing import NamedTuple

from chatbt.analysis.flow import Loop, ancestors, contains, enclosing_loops, is_in_body, siblings, statement_of
from chatbt.analysis.names import is_dynamic, qualified
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.ways import ways_after

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_WRAPPERS = frozenset(f"builtins.{name}" for name in "enumerate reversed sorted zip list tuple".split())
_LOOKERS = frozenset(
    f"builtins.{name}" for name in "len bool sum min max any all sorted list tuple set str print".split()
)


def repeaters(node: ast.AST) -> list[Loop | Comprehension]:
    """The loops and comprehensions of the same function that run `node` again and again, innermost first.

    A loop that `node` is followed by a way out of on every path is not among them.
    """
    found: list[Loop | Comprehension] = []
    below = node
    for around in ancestors(node):
        if isinstance(around, _BOUNDARIES):
            break
        if isinstance(around, ast.For | ast.AsyncFor | ast.While):
            inside = is_in_body(around, below) or (isinstance(around, ast.While) and below is around.test)
            if inside and not runs_once(node, around):
                found.append(around)
        elif isinstance(around, Comprehension) and not contains(around.generators[0].iter, node):
            found.append(around)
        below = around
    return found


def runs_once(node: ast.AST, loop: Loop) -> bool:
    """Whether control, once it is at `node` in the body of `loop`, never comes to another round."""
    return not ways_after(statement_of(node), loop) & {"next", "continue"}


def rebinds(around: ast.AST, name: str, scope: Scope) -> bool:
    """Whether `around` binds the variable that `name` is in `scope`."""
    return any(contains(around, binding) for binding in scope.bindings_of(name))


def is_short(loop: Loop | Comprehension, scope: Scope) -> bool:
    """Whether a loop goes over a few things that are written down: a display, a literal, a range of constants."""
    match loop:
        case ast.For(iter=iterable) | ast.AsyncFor(iter=iterable):
            return is_short_iterable(iterable, scope)
        case ast.While():
            return False
    return all(is_short_iterable(generator.iter, scope) for generator in loop.generators)


def is_short_iterable(iterable: ast.expr, scope: Scope) -> bool:
    """Whether an iterable is written down, a display or a literal, or its length: a range or slice of constants."""
    match iterable:
        case ast.Constant():
            return True
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return not any(isinstance(one, ast.Starred) for one in elements)
        case ast.Dict(keys=keys):
            return None not in keys
        case ast.Subscript(slice=ast.Slice(lower=None | ast.Constant(), upper=ast.Constant(value=int()))):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Dict() as display)):
            return is_short_iterable(display, scope)
        case ast.Call(func=function, args=[_, *_] as arguments):
            name = qualified(function, scope)
            if name == "builtins.range":
                return all(isinstance(one, ast.Constant) for one in arguments)
            wrapped = arguments if name == "builtins.zip" else arguments[:1]
            return name in _WRAPPERS and any(is_short_iterable(one, scope) for one in wrapped)
    return False


class Accumulator(NamedTuple):
    """A variable that a loop builds up: the statement before the loop that binds it, to what, and the loop."""

    start: ast.Assign | ast.AnnAssign
    value: ast.expr
    loop: Loop


def accumulator(name: str, statement: ast.stmt, scope: Scope) -> Accumulator | None:
    """How a loop around `statement` builds up `name`; None if anything else may see the variable meanwhile.

    The variable is bound in the block of the loop, before it, and not mentioned between the two. No inner function, no
    other chunk and no declaration shares it.
    """
    if not is_own(name, scope) or is_dynamic(scope) or scope.captures(name) or scope.used_elsewhere(name):
        return None
    for loop in enclosing_loops(statement):
        for earlier in reversed(siblings(loop)[0]):
            if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(earlier)):
                return _accumulator(earlier, name, loop)
    return None


def _accumulator(start: ast.stmt, name: str, loop: Loop) -> Accumulator | None:
    match start:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            return Accumulator(start, value, loop)
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
            return Accumulator(start, value, loop)
    return None


def is_own(name: str, scope: Scope) -> bool:
    """Whether `name` is a variable of the very function or module that `scope` is, bound in this chunk alone."""
    return (
        scope.kind in ("function", "module")
        and name in scope.bindings
        and scope.find(name) is scope
        and name not in scope.globals
        and not scope.elsewhere(name)
    )


def loads_in(around: ast.AST, name: str, scope: Scope) -> list[ast.Name]:
    """The reads of `scope`'s variable `name` inside `around`."""
    return [load for load in scope.all_loads(name) if contains(around, load)]


def is_only_looked_at(load: ast.Name, scope: Scope) -> bool:
    """Whether the object that is read there is only measured, indexed, iterated, compared or tested on the spot.

    So nothing keeps it, and nothing changes it.
    """
    around = parent(load)
    match around:
        case ast.Compare() | ast.FormattedValue() | ast.If() | ast.While() | ast.UnaryOp():
            return True
        case ast.For(iter=looked) | ast.Subscript(value=looked, ctx=ast.Load()):
            return looked is load
        case ast.IfExp(test=looked):
            return looked is load
        case ast.comprehension(iter=looked):
            return looked is load and not isinstance(parent(around), ast.GeneratorExp)
        case ast.Attribute(attr="index" | "count" | "copy" | "get"):
            return isinstance(parent(around), ast.Call)
        case ast.Call(func=function, args=[looked]):
            return looked is load and qualified(function, scope) in _LOOKERS
    return False
