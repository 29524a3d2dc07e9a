"""Collection rebuilt in a loop

## What it does
Reports a list or dict that a loop builds up by making a new one in every round: `items = items + [item]`,
`items = [*items, item]`, `table = {**table, key: value}`, and the like with `numpy.append`, `pandas.concat` and
`DataFrame.append`.

## Why
Every round copies all that is there to add one element: a thousand elements are half a million copies. A list and a
dict can grow in place. NumPy arrays and data frames cannot: collect the parts in a list and put them together once,
after the loop.

## Example
    def ids(rows):
        result = []
        for row in rows:
            result = result + [row.id]
        return result

Better:
    def ids(rows):
        result = []
        for row in rows:
            result.append(row.id)
        return result

## When the fix is safe
When the collection is made right before the loop by a display, `list()` or `dict()`, and until the loop has ended no
other variable, function or object can get hold of it: then nobody sees that it is changed and not replaced.

## References
- The Python Wiki, TimeComplexity
"""

import ast
import re
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import Loop, contains
from chatbt.analysis.loops import accumulator, is_only_looked_at, is_own, is_short, loads_in, repeaters
from chatbt.analysis.names import last_parts, may_be, qualified
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable, proven
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic

_MAKERS = (ast.BinOp, ast.List, ast.Dict, ast.Call)
_JOINERS = {"pandas.concat", "numpy.concatenate", "numpy.hstack", "numpy.vstack"}
_ARRAY_PARTS = last_parts(_JOINERS) | {"append"}
_FRAME_KEYWORDS = {"ignore_index", "verify_integrity"}


class _Rebuilt(NamedTuple):
    """What `name = ...` makes anew: its kind, the read of the old value in it, and what is added to that."""

    kind: str  # list, dict or array
    old: ast.Name
    added: tuple[ast.expr, ...]


@critic("CC033", group="performance", since="0.1")
def list_rebuild_in_loop(statement: ast.Assign, scope: Scope) -> Findings:
    if not scope.loops:
        return
    target = statement.targets[0]
    if not isinstance(statement.value, _MAKERS) or not isinstance(target, ast.Name):
        return
    name = target.id
    rebuilt = _rebuilt(statement, scope)
    if rebuilt is None or not is_own(name, scope) or scope.captures(name):
        return
    loops = _growing(statement, name, scope)
    if not loops or all(is_short(one, scope) for one in loops):
        return
    bindings = [one for one in scope.bindings_of(name) if not contains(loops[-1], one)]
    if rebuilt.kind != "array" and any(isinstance(one, ast.arg) for one in bindings):
        return  # the caller would see it grow in place
    is_certain = bool(bindings) and all(_is_a(rebuilt.kind, one, scope) for one in bindings)
    if isinstance(statement.value, ast.BinOp) and not is_certain:
        return  # an array adds its elements
    about = (rebuilt, loops[-1], is_certain)
    yield Finding(statement, f"every round copies all of `{name}` to add to it", about=about)


def _rebuilt(statement: ast.AST, scope: Scope) -> _Rebuilt | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pass
        case _:
            return None
    match value:
        case ast.BinOp(left=ast.Name(id=left) as old, op=ast.Add(), right=ast.List(elts=[_, *_] as added)):
            return _Rebuilt("list", old, tuple(added)) if left == name else None
        case ast.List(elts=[ast.Starred(value=ast.Name(id=first) as old), _, *_]) if first == name:
            return _Rebuilt("list", old, tuple(value.elts[1:]))
        case ast.Dict(keys=[None, _, *_], values=[ast.Name(id=first) as old, *added]) if first == name:
            return _Rebuilt("dict", old, tuple(added))
        case ast.Call(args=[first, *_]) if (old_one := _old_array(value, first, name, scope)) is not None:
            return _Rebuilt("array", old_one, ())
    return None


def _old_array(call: ast.Call, first: ast.expr, name: str, scope: Scope) -> ast.Name | None:
    """The array or data frame `name` in a call that copies it and more into a new one."""
    if not may_be(call.func, _ARRAY_PARTS):
        return None
    function = qualified(call.func, scope)
    candidates: list[ast.expr] = []
    if function == "numpy.append":
        candidates = [first]
    elif function in _JOINERS and isinstance(first, ast.List | ast.Tuple):
        candidates = first.elts
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "append":
        is_frame = proven(call.func.value, scope, "pandas.DataFrame")
        if is_frame or any(one.arg in _FRAME_KEYWORDS for one in call.keywords):
            candidates = [call.func.value]
    return next((one for one in candidates if isinstance(one, ast.Name) and one.id == name), None)


def _growing(statement: ast.Assign, name: str, scope: Scope) -> list[Loop]:
    """The loops, innermost first, in which `name` does nothing but grow, and in which no round's value is kept."""
    growing: list[Loop] = []
    for loop in repeaters(statement):
        if not isinstance(loop, Loop):
            break
        inside = [parent(one) for one in scope.bindings_of(name) if contains(loop, one)]
        rebuilt = [_rebuilt(one, scope) for one in inside]
        old = [one.old for one in rebuilt if one is not None]
        others = [load for load in loads_in(loop, name, scope) if not any(load is one for one in old)]
        is_kept = any(not _keeps_nothing(one, scope) for one in others)
        iterated = not isinstance(loop, ast.While) and bool(loads_in(loop.iter, name, scope))
        if iterated or is_kept or len(old) != len(inside):
            break
        growing.append(loop)
    return growing


def _keeps_nothing(load: ast.Name, scope: Scope) -> bool:
    """Whether a read leaves the object to its variable, or ends the loop: it is returned, looked at, or added to."""
    match parent(load):
        case ast.Return():
            return True
        case ast.Subscript(value=changed, ctx=ast.Store()) if changed is load:
            return True
        case ast.Attribute(attr="append" | "extend" | "update") as method:
            call = parent(method)
            return isinstance(call, ast.Call) and call.func is method and isinstance(parent(call), ast.Expr)
    return is_only_looked_at(load, scope)


def _is_a(kind: str, binding: ast.AST, scope: Scope) -> bool:
    """Whether a binding makes its name a list, a dict: whatever `kind` says."""
    value = assigned_value(binding)
    return value is not None and proven(value, scope, kind)


@list_rebuild_in_loop.fix
def grow_in_place(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement = finding.node
    rebuilt, loop, is_certain = finding.about
    assert isinstance(statement, ast.Assign) and isinstance(rebuilt, _Rebuilt)
    if rebuilt.kind == "array" or not is_certain or any(isinstance(one, ast.NamedExpr) for one in rebuilt.added):
        return None
    make_text = _added_to_dict if rebuilt.kind == "dict" else _added_to_list
    text = make_text(statement.value, rebuilt, rewrite)
    if text is None:
        return None
    name = rebuilt.old.id
    found = accumulator(name, statement, scope)
    is_alone = found is not None and found.loop is loop and makes_mutable(found.value, scope) == rebuilt.kind
    make = safe if is_alone and _adds_the_same(rebuilt, statement.value, scope) else review
    return make(f"Add to `{name}` in place", rewrite.replace(statement, text))


def _adds_the_same(rebuilt: _Rebuilt, value: ast.expr, scope: Scope) -> bool:
    """Whether adding in place is proven to do what the new collection does, in an order that cannot be told apart.

    Iterating over what is added (`*more`, `**more`) may fail half-way. `d[k] = v` evaluates `v` before `k`.
    """
    if not isinstance(value, ast.Dict):
        return not any(isinstance(one, ast.Starred) for one in rebuilt.added)
    keys = value.keys[1:]
    if len(keys) > 1 or keys[0] is None:
        return None not in keys
    pair = (keys[0], rebuilt.added[0])
    return not any(isinstance(node, ast.NamedExpr) for one in pair for node in ast.walk(one)) and any(
        isinstance(one, ast.Constant) or (isinstance(one, ast.Name) and _is_untouchable(one.id, scope)) for one in pair
    )


def _is_untouchable(name: str, scope: Scope) -> bool:
    """Whether no call can rebind the variable."""
    return scope.kind == "function" and is_own(name, scope) and not scope.captures(name)


def _added_to_list(value: ast.expr, rebuilt: _Rebuilt, rewrite: Rewrite) -> str | None:
    name, first = rebuilt.old.id, rebuilt.added[0]
    if len(rebuilt.added) == 1:
        if isinstance(first, ast.Starred):
            return f"{name}.extend({_argument(first.value, rewrite)})"
        return f"{name}.append({_argument(first, rewrite)})"
    if isinstance(value, ast.BinOp):
        return f"{name}.extend({rewrite.text(value.right)})"
    rest = _rest(value, rebuilt.old, first, rewrite)
    return f"{name}.extend([{rest}])" if rest else None


def _added_to_dict(value: ast.expr, rebuilt: _Rebuilt, rewrite: Rewrite) -> str | None:
    assert isinstance(value, ast.Dict)
    name, key, first = rebuilt.old.id, value.keys[1], rebuilt.added[0]
    if isinstance(key, ast.NamedExpr):
        return None
    if len(rebuilt.added) > 1:
        rest = _rest(value, rebuilt.old, key, rewrite) if key else None
        return f"{name}.update({{{rest}}})" if rest else None
    if key is None:
        return f"{name}.update({_argument(first, rewrite)})"
    text = rewrite.text(first)
    return f"{name}[{rewrite.text(key)}] = {rewrite.operand(first) if _has_lines(text) else text}"


def _argument(node: ast.expr, rewrite: Rewrite) -> str:
    text = rewrite.text(node)
    return f"({text})" if isinstance(node, ast.Yield | ast.YieldFrom) else text


def _has_lines(text: str) -> bool:
    return "\n" in text or "\r" in text


def _rest(value: ast.expr, old: ast.Name, second: ast.expr, rewrite: Rewrite) -> str | None:
    """The text of a display behind `*old,`; None if it is not as simple as that."""
    first, start, end = rewrite.place(old).end, rewrite.place(second).start, rewrite.place(value).end
    if not re.fullmatch(r"\s*,\s*", rewrite.slice(Range(first, start))):
        return None
    return rewrite.slice(Range(start, Position(end.line, end.column - 1))).strip()
