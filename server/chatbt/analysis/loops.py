"""Loops: what runs again and again, what a loop rebinds, and what is built up in one."""

import ast

from chatbt.analysis.flow import Loop, ancestors, contains, is_in_body, statement_of
from chatbt.analysis.names import qualified
from chatbt.analysis.scopes import Scope
from chatbt.analysis.ways import ways_after

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_WRAPPERS = frozenset(f"builtins.{name}" for name in "enumerate reversed sorted zip list tuple".split())


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
            return _is_short(iterable, scope)
        case ast.While():
            return False
    return all(_is_short(generator.iter, scope) for generator in loop.generators)


def _is_short(iterable: ast.expr, scope: Scope) -> bool:
    match iterable:
        case ast.Constant():
            return True
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return not any(isinstance(one, ast.Starred) for one in elements)
        case ast.Dict(keys=keys):
            return None not in keys
        case ast.Call(func=ast.Attribute(value=ast.Dict() as display)):
            return _is_short(display, scope)
        case ast.Call(func=function, args=[_, *_] as arguments):
            name = qualified(function, scope)
            if name == "builtins.range":
                return all(isinstance(one, ast.Constant) for one in arguments)
            wrapped = arguments if name == "builtins.zip" else arguments[:1]
            return name in _WRAPPERS and any(_is_short(one, scope) for one in wrapped)
    return False
