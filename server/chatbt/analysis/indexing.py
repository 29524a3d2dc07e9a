"""Loops over the indices of a sequence or the keys of a dict: how the body uses the index or key."""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from chatbt.analysis.flow import ancestors, before, contains, walk_block
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.loops import is_own, loads_in
from chatbt.analysis.mutation import is_mutated
from chatbt.analysis.names import is_builtin, same, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import source_of
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Range

_EAGER = (ast.ListComp, ast.SetComp, ast.DictComp)


class Uses(NamedTuple):
    """What the body of a loop does with its variable: the items it looks up by it, and all other reads."""

    items: list[ast.Subscript]
    others: list[ast.Name]


def measured(loop: ast.For, scope: Scope) -> ast.Name | ast.Attribute | None:
    """The `xs` of `for i in range(len(xs))`, or of `range(0, len(xs))`; None for any other loop."""
    match loop.iter:
        case (
            ast.Call(func=ast.Name(id="range"), args=[length], keywords=[])
            | ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=0), length], keywords=[])
        ):
            pass
        case _:
            return None
    match length:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name() | ast.Attribute() as sequence], keywords=[]):
            is_known = is_builtin("range", scope) and is_builtin("len", scope)
            return sequence if is_known and isinstance(loop.target, ast.Name) else None
    return None


def counted_by(item: ast.expr) -> ast.For | None:
    """The loop whose header is `for j in range(len(xs[i]))`, of its item `xs[i]`; None if there is none."""
    length = parent(item)
    counted = parent(length)
    loop = parent(counted)
    if not (isinstance(length, ast.Call) and dotted(length) == "len"):
        return None
    if not (isinstance(counted, ast.Call) and dotted(counted) == "range"):
        return None
    return loop if isinstance(loop, ast.For) and loop.iter is counted and isinstance(loop.target, ast.Name) else None


def uses_of(loop: ast.For, scope: Scope) -> Uses | None:
    """How the body uses the variable of `loop`; None if it is bound again, or read where the round may be over."""
    assert isinstance(loop.target, ast.Name)
    name = loop.target.id
    if not is_own(name, scope) or scope.captures(name):
        return None
    if any(contains(one, binding) for binding in scope.bindings_of(name) for one in loop.body):
        return None
    uses = Uses([], [])
    for load in loads_in(loop, name, scope):
        if not is_eager(load, scope):
            return None
        around = parent(load)
        in_body = any(contains(one, load) for one in loop.body)
        if isinstance(around, ast.Subscript) and around.slice is load and in_body:
            uses.items.append(around)
        else:
            uses.others.append(load)
    return uses


def is_eager(load: ast.Name, scope: Scope) -> bool:
    """Whether a read happens at once: not in a generator, whose code runs later."""
    inner = scope_of(load)
    while inner is not scope:
        if inner.node is None or not isinstance(inner.node, _EAGER) or inner.parent is None:
            return False
        inner = inner.parent
    return True


def is_left_alone(collection: ast.expr, loop: ast.For, scope: Scope) -> bool:
    """Whether the body neither rebinds `collection` nor, by what it does itself, changes it.

    For an attribute of an object: that no code runs which the object could be reached by.
    """
    root = collection
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    if any(contains(loop, binding) for binding in scope.bindings_of(root.id)):
        return False
    for node in walk_block(loop.body, functions=True):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        if same(node, collection) and (not isinstance(node.ctx, ast.Load) or is_mutated(node)):
            return False
        if root is not collection and isinstance(node, ast.Name) and node.id == root.id and _may_change(node, scope):
            return False
    return True


def _may_change(root: ast.Name, scope: Scope) -> bool:
    """Whether the object itself is handed on, or a method of it called."""
    around = parent(root)
    if not isinstance(around, ast.Attribute):
        return True
    return isinstance(parent(around), ast.Call) and around is parent(around).__dict__.get("func")


def named(items: Sequence[ast.Subscript], loop: ast.For, scope: Scope) -> ast.Assign | None:
    """The statement `name = xs[i]` in the body that the loop's header could take over; None if there is none.

    Nothing else in the loop binds the name, or reads it before.
    """
    for statement in loop.body:
        if isinstance(statement, ast.Assign) and any(statement.value is item for item in items):
            return statement if _can_be_header(statement, items, loop, scope) else None
    return None


def _can_be_header(statement: ast.Assign, items: Sequence[ast.Subscript], loop: ast.For, scope: Scope) -> bool:
    target = statement.targets[0]
    is_single = isinstance(target, ast.Name)
    if len(statement.targets) > 1 or not (is_single or len(items) == 1):
        return False
    if any(item is not statement.value and scope_of(item) is not scope for item in items):
        return False  # a comprehension may have the name for itself
    return all(
        isinstance(name, ast.Name) and _is_only_bound_by(statement, name.id, loop, scope)
        for name in (target.elts if isinstance(target, ast.Tuple) else [target])
    )


def _is_only_bound_by(statement: ast.Assign, name: str, loop: ast.For, scope: Scope) -> bool:
    if len([one for one in scope.bindings_of(name) if contains(loop, one)]) > 1:
        return False
    if statement is loop.body[0]:
        return True
    in_time = all(before(statement, load) for load in loads_in(loop, name, scope))
    return in_time and not lives_after(name, loop, scope)


def is_self(node: ast.expr, scope: Scope) -> bool:
    """Whether it is the object whose method this is, which may define the loop's own iteration."""
    return isinstance(node, ast.Name) and scope.receiver is not None and node.id == scope.receiver[0]


def may_be_missing(item: ast.expr, loop: ast.For) -> bool:
    """Whether the loop expects that the look-up may fail."""
    for around in ancestors(item):
        if around is loop:
            return False
        if isinstance(around, ast.Try) and any(contains(one, item) for one in around.body):
            types = [one.type for one in around.handlers]
            listed = [part for one in types for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
            if any(dotted(one) in ("KeyError", "IndexError", "LookupError") for one in listed):
                return True
    return False


def header(loop: ast.For, scope: Scope) -> Range:
    """From `for` to the end of what is iterated over."""
    where = loop.__dict__
    last = loop.iter.__dict__
    return Range.of(where["lineno"], where["col_offset"], last["end_lineno"], last["end_col_offset"])


def is_debugged(node: ast.expr, scope: Scope) -> bool:
    """Whether the text of an expression is output itself, as in `f"{node=}"`."""
    for around in ancestors(node):
        if not isinstance(around, ast.FormattedValue):
            continue
        string = parent(around)
        values = string.values if isinstance(string, ast.JoinedStr) else []
        index = next((i for i, one in enumerate(values) if one is around), 0)
        before = values[index - 1] if index else None
        if isinstance(before, ast.Constant) and isinstance(before.value, str) and scope.chunk is not None:
            text = before.value.rstrip()
            if text.endswith("=") and text[:-1].rstrip().endswith(source_of(around.value, scope.chunk)):
                return True
    return False
