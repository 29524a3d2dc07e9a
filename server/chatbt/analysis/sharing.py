"""Who else may change an object while a block runs."""

import ast
from collections.abc import Sequence

from chatbt.analysis.flow import before, contains, enclosing_loops, walk_block
from chatbt.analysis.loops import is_only_looked_at, is_own
from chatbt.analysis.mutation import is_mutated
from chatbt.analysis.names import callee
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable, proven, type_of

_UNCHANGING = ("str", "bytes", "tuple", "range", "frozenset")
_TAME = frozenset(
    f"builtins.{name}"
    for name in (
        "abs all any ascii bin bool bytes chr complex dict divmod enumerate float format frozenset hash hex id int "
        "isinstance issubclass len list max min oct ord pow print range repr reversed round set sorted str sum tuple "
        "type zip"
    ).split()
)


def stays(load: ast.Name, loop: ast.For, scope: Scope) -> bool:
    """Whether it is proven that nothing changes the object that `load` reads while the body of `loop` runs.

    The caller has seen that the body itself does not: it can only be the code that the body calls.
    """
    if is_own(load.id, scope) and not scope.captures(load.id):
        found = type_of(load, scope)
        if (found is not None and found.name in _UNCHANGING) or is_unshared(load.id, loop, scope):
            return True
    return not (calls_out(loop.body, loop, scope) or _changes_others(loop.body, loop, scope))


def is_unshared(name: str, loop: ast.stmt, scope: Scope) -> bool:
    """Whether until `loop` has ended no other variable, function or object can get hold of the object `name`."""
    if not is_own(name, scope) or scope.captures(name) or scope.used_elsewhere(name):
        return False
    if not all(_is_new(one, scope) for one in scope.bindings_of(name)):
        return False
    around = [*enclosing_loops(loop), loop]
    return all(
        is_only_looked_at(load, scope) or is_mutated(load) or _is_run_through(load)
        for load in scope.all_loads(name)
        if not before(loop, load) or any(contains(one, load) for one in around)
    )


def _is_run_through(load: ast.Name) -> bool:
    """Whether a loop goes over a view of the object on the spot."""
    match parent(load):
        case ast.Attribute(attr="keys" | "values" | "items") as view:
            call = parent(view)
            around = parent(call)
            return isinstance(call, ast.Call) and isinstance(around, ast.For) and around.iter is call
    return False


def _is_new(binding: ast.AST, scope: Scope) -> bool:
    value, around = assigned_value(binding), parent(binding)
    if isinstance(around, ast.NamedExpr) or (isinstance(around, ast.Assign) and len(around.targets) > 1):
        return False
    if value is None:
        return isinstance(around, ast.arguments) and binding in (around.vararg, around.kwarg)
    return makes_mutable(value, scope) is not None or callee(value, scope) == "builtins.sorted"


def calls_out(nodes: Sequence[ast.AST], loop: ast.stmt, scope: Scope) -> bool:
    """Whether a block of `loop` runs code that may do anything: it calls more than harmless builtins, or awaits."""
    return any(
        isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.With | ast.AsyncWith | ast.AsyncFor)
        or (isinstance(node, ast.Call) and not _is_tame(node, loop, scope))
        for node in walk_block(nodes)
    )


def _changes_others(nodes: Sequence[ast.AST], loop: ast.stmt, scope: Scope) -> bool:
    """Whether a block changes something in place that another name may stand for."""
    for node in walk_block(nodes):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed = node.value
            if not isinstance(changed, ast.Name) or not is_unshared(changed.id, loop, scope):
                return True
        elif isinstance(node, ast.AugAssign):
            changed = node.target
            if isinstance(changed, ast.Attribute) or (
                isinstance(changed, ast.Name) and not _starts_unchanging(changed.id, scope)
            ):
                return True
    return False


def _starts_unchanging(name: str, scope: Scope) -> bool:
    """Whether all that the variable is bound to, but for `+=` and its like, are literals that nothing can change."""
    values = [assigned_value(one) for one in scope.bindings_of(name) if not isinstance(parent(one), ast.AugAssign)]
    return is_own(name, scope) and all(isinstance(one, ast.Constant | ast.JoinedStr) for one in values)


def _is_tame(call: ast.Call, loop: ast.stmt, scope: Scope) -> bool:
    if callee(call, scope) in _TAME:
        return True
    method = call.func
    if not isinstance(method, ast.Attribute):
        return False
    if proven(method.value, scope, "str", "bytes", "int", "float"):
        return True
    # What nobody else has got hold of is another object.
    receiver = method.value
    return (
        isinstance(receiver, ast.Name)
        and proven(receiver, scope, "list", "dict", "set")
        and is_unshared(receiver.id, loop, scope)
    )
