"""Closures: which variables of the code around a function reads, and whether it outlives the round that made it."""

import ast

from chatbt.analysis.flow import contains
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope

Round = ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp
Closure = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_KEEPERS = frozenset(
    "append appendleft add insert extend put put_nowait setdefault push submit callback addCleanup".split()
)
_REGISTRARS = frozenset(
    "connect bind subscribe register add_done_callback add_callback add_listener add_handler addCallback addErrback "
    "call_soon call_soon_threadsafe call_later call_at after after_idle trace_add on route".split()
)
_LATER = frozenset("command callback handler on_click on_change on_press on_release target default_factory".split())


def free_reads(function: Closure) -> dict[str, list[ast.Name]]:
    """The reads of variables of the scopes around `function`, in it and in all that it holds, by name."""
    inner: Scope = function.__dict__["scope"]
    inside: list[Scope] = [inner]
    for scope in inside:
        inside += scope.children
    reads: dict[str, list[ast.Name]] = {}
    for scope in inside:
        for name, loads in scope.loads.items():
            if scope.find(name) not in inside:
                reads.setdefault(name, []).extend(loads)
    return reads


def outlives(function: Closure, rounds: Round, scope: Scope) -> bool:
    """Whether `function`, made in a round of `rounds`, is kept where a later round finds it; False if unsure."""
    if isinstance(function, ast.Lambda):
        return _is_kept(function, rounds, scope)
    if function.decorator_list:
        return any(_registers(decorator) for decorator in function.decorator_list)
    return _named_is_kept(function.name, rounds, scope, isinstance(function, ast.AsyncFunctionDef))


def _registers(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in _REGISTRARS


def _named_is_kept(name: str, rounds: Round, scope: Scope, coroutine: bool = False) -> bool:
    """Whether a use of the variable `name` in the loop keeps the function it stands for, or a coroutine made by it."""
    for load in scope.find(name).loads.get(name, ()):
        around = parent(load)
        is_called = isinstance(around, ast.Call) and around.func is load
        if (
            contains(rounds, load)
            and (not is_called or coroutine)
            and _is_kept(around if is_called else load, rounds, scope)
        ):
            return True
    return False


def _is_kept(node: ast.AST, rounds: Round, scope: Scope) -> bool:
    """Whether the value of the expression `node` goes where it is found after the round."""
    around = parent(node)
    match around:
        case ast.List() | ast.Tuple() | ast.Set() | ast.Starred() | ast.IfExp() | ast.Dict() | ast.NamedExpr():
            return _is_kept(around, rounds, scope)
        case ast.ListComp() | ast.SetComp() | ast.DictComp():
            return around is rounds or _is_kept(around, rounds, scope)
        case ast.keyword(arg=name):
            return name in _LATER and isinstance(rounds, ast.For | ast.AsyncFor | ast.While)
        case ast.Call(func=ast.Attribute(value=receiver, attr=method)) if around.func is not node:
            if isinstance(parent(around), ast.Attribute | ast.Await):
                return False
            return method in _REGISTRARS or (method in _KEEPERS and not _is_of_the_round(receiver, rounds, scope))
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return _target_keeps(target, rounds, scope)
        case ast.AugAssign(target=target):
            return not _is_of_the_round(target, rounds, scope)
    return False


def _target_keeps(target: ast.expr, rounds: Round, scope: Scope) -> bool:
    match target:
        case ast.Name(id=name):
            return _named_is_kept(name, rounds, scope)
        case ast.Subscript(value=value, slice=key):
            return not isinstance(key, ast.Constant) and not _is_of_the_round(value, rounds, scope)
        case ast.Attribute(value=value):
            # The same attribute of the same object only ever holds the last round's function.
            return any(_is_target(binding, rounds) for binding in _bindings(value, scope))
    return False


def _is_of_the_round(node: ast.expr, rounds: Round, scope: Scope) -> bool:
    """Whether what `node` starts with is bound in the body of the loop: gone, as far as we know, after the round."""
    return any(
        contains(rounds, binding) and not _is_target(binding, rounds)
        for binding in _bindings(node, scope)
        if not isinstance(parent(binding), ast.AugAssign)
    )


def _is_target(binding: ast.AST, rounds: Round) -> bool:
    """Whether `binding` is in what a `for` loop gives its values to."""
    return isinstance(rounds, ast.For | ast.AsyncFor) and contains(rounds.target, binding)


def _bindings(node: ast.expr, scope: Scope) -> list[ast.AST]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return scope.bindings_of(node.id) if isinstance(node, ast.Name) else []
