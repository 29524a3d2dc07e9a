"""None taken from a method that works in place

## What it does
Reports the use of what a method such as `list.sort`, `list.append` or `dict.update`, or a function such as
`random.shuffle`, returns: always None.

Statements of their own are fine, and so is the None that nobody means: `seen.add(x) or x`, a lambda, a comprehension
for its effect, `return self.items.append(x)` in a function that returns nothing else.

## Why
These change the object they are called on and return None, so that nobody takes them for making a new one. The name
on the left is None, and the error comes later, somewhere else.

## Example
    scores = [3, 1, 2]
    ranked = scores.sort()

Better:
    scores = [3, 1, 2]
    ranked = sorted(scores)

## When the fix is safe
Never without a look: code that has lived with None gets a list, and with `sorted` the original is no longer sorted.

## Asked as
- list.sort() returns None, x = x.sort() is None
- 'NoneType' object has no attribute 'append', 'NoneType' object is not iterable or subscriptable
- my list becomes None after append, extend, reverse or sort
- random.shuffle(x) gives None
- print(items.sort()) prints None, return my_list.append(x)
- d = d.update(other) loses the dictionary
- E1111 assignment-from-no-return, method changes in place and returns nothing
- variable is None after sorting, shuffling, appending, adding or reversing
- for x in items.sort(): TypeError 'NoneType' object is not iterable
- a = b.append(c), new_list = old_list.extend(other), s = s.add(x)
- why does sort return nothing, sort against sorted
- print(numbers.reverse()) or print(d.update(...)) says None
- hand = random.shuffle(cards) is None, result of shuffle, sort, reverse, append is unusable
- sorted list is printed as None

## References
- Python FAQ, Why doesn't list.sort() return the sorted list?
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import enclosing_function, statement_of, walk_block
from chatbt.analysis.names import callee, is_builtin
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.returns import METHODS
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven, receiver_type
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_METHODS = frozenset(name for methods in METHODS.values() for name, made in methods.items() if made == "NoneType")
_FUNCTIONS = frozenset(
    "bisect.insort bisect.insort_left bisect.insort_right heapq.heapify heapq.heappush numpy.random.shuffle "
    "random.shuffle".split()
)
_ORDERING = frozenset("heapify reverse rotate shuffle sort".split())


@critic("CC022", group="bug", since="0.1", calls=_FUNCTIONS, methods=_METHODS)
def none_from_inplace_method(call: ast.Call, scope: Scope) -> Findings:
    if isinstance(parent(call), ast.Expr):
        return
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    of_function = callee(call, scope) in _FUNCTIONS
    effect = _effect(call, name, scope)
    if effect is None:
        return
    if of_function:
        yield Finding(call, f"`{name}()` works in place and returns None: {effect}")
    elif isinstance(call.func, ast.Attribute) and proven(call, scope, "NoneType"):
        found = receiver_type(call.func, scope)
        kind = found.name.rpartition(".")[2] if found else ""
        yield Finding(call, f"`{kind}.{name}()` works in place and returns None: {effect}")


def _effect(call: ast.Call, method: str, scope: Scope) -> str | None:
    """What becomes of the None, in words; None where nobody means it."""
    value: ast.expr = call
    around = parent(value)
    while isinstance(around, ast.IfExp) and value is not around.test:
        value, around = around, parent(around)
    match around:
        case ast.Assign(targets=[ast.Name(id=name), *_]) | ast.AnnAssign(target=ast.Name(id=name)):
            return None if name == "_" or _is_asked_for_none(name, scope) else f"`{name}` is None"
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr():
            return "what is assigned is None"
        case ast.Return():
            return "so does this function" if _is_meant(around, call, scope) else None
        case ast.For() | ast.AsyncFor() | ast.comprehension() if around.iter is value:
            return "there is nothing to iterate over"
        case ast.Attribute() | ast.Subscript(ctx=ast.Load()) if around.value is value:
            return "what follows fails"
        case ast.Starred() | ast.BinOp():
            return "this fails"
        case ast.FormattedValue():
            return "the text says `None`"
        case ast.keyword():
            return f"`{around.arg}` is None" if around.arg else "this fails"
        case ast.Call() if "assert" not in dotted(around).lower() and not isinstance(parent(around), ast.Lambda):
            return f"`{dotted(around) or 'the call'}()` gets None"
    return None


def _is_asked_for_none(name: str, scope: Scope) -> bool:
    """Whether the variable is compared with None, or asserted to be None, somewhere: a test of the None itself."""
    return any(
        isinstance(one, ast.Constant) and one.value is None
        for load in scope.find(name).all_loads(name)
        for one in ast.iter_child_nodes(parent(load))
    )


def _is_meant(statement: ast.Return, call: ast.Call, scope: Scope) -> bool:
    """Whether the function is to return something, rather than to end here."""
    function = enclosing_function(statement)
    if function is None or isinstance(function, ast.Lambda):
        return True
    if function.returns is not None:
        return not (isinstance(function.returns, ast.Constant) and function.returns.value is None)
    changed = _changed(call, scope)
    if _is_ordering(call) and changed is not None and _is_lost(changed, scope):
        return True
    return any(
        isinstance(one, ast.Return)
        and one.value is not None
        and not (isinstance(one.value, ast.Constant) and one.value.value is None)
        and not isinstance(one.value, ast.Call)
        for one in walk_block(function.body)
        if one is not statement
    )


def _is_ordering(call: ast.Call) -> bool:
    """Whether the call has no other purpose than what it does to its object."""
    return (call.func.attr if isinstance(call.func, ast.Attribute) else "shuffle") in _ORDERING


def _is_lost(changed: ast.expr, scope: Scope) -> bool:
    """Whether nobody outside the function has the object: it is made right there, or a local variable's."""
    if not isinstance(changed, ast.Name):
        return not isinstance(changed, ast.Attribute | ast.Subscript)
    owner = scope.find(changed.id)
    bindings = owner.bindings.get(changed.id, [])
    return owner is scope and bool(bindings) and not any(isinstance(one, ast.arg) for one in bindings)


@none_from_inplace_method.fix
def use_the_object(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    around = parent(call)
    changed = _changed(call, scope)
    if changed is None:
        return None
    if isinstance(around, ast.Assign) and isinstance(changed, ast.Name) and len(around.targets) == 1:
        target = around.targets[0]
        if isinstance(target, ast.Name) and target.id == changed.id:
            return review("Drop the assignment", rewrite.replace(around, rewrite.text(call)))
    if isinstance(call.func, ast.Attribute) and call.func.attr == "sort":
        return _use_sorted(call, changed, scope, rewrite)
    return _call_before(call, around, changed, rewrite)


def _changed(call: ast.Call, scope: Scope) -> ast.expr | None:
    """The object that the call changes."""
    if callee(call, scope) in _FUNCTIONS:
        return call.args[0] if call.args else None
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _use_sorted(call: ast.Call, changed: ast.expr, scope: Scope, rewrite: Rewrite) -> Fix | None:
    if not is_builtin("sorted", scope):
        return None
    method = rewrite.token(rewrite.place(changed).end, rewrite.place(call).end, r"\.\s*sort\s*\(")
    if method is None:
        return None
    separator = ", " if call.keywords else ""
    return review(
        "Make a sorted list with `sorted`",
        rewrite.insert_before(call, "sorted("),
        Edit(method, separator),
    )


def _call_before(call: ast.Call, around: ast.AST, changed: ast.expr, rewrite: Rewrite) -> Fix | None:
    """Call on a line of its own, and use the object below it."""
    statement = statement_of(call)
    if around is not statement or not isinstance(changed, ast.Name) or not rewrite.stands_alone(statement):
        return None
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.For):
        return None
    return review(
        f"Call it first and use `{changed.id}`",
        rewrite.lines_before(statement, rewrite.text(call)),
        rewrite.replace(call, changed.id),
    )
