"""A generator instead of a list that is collected

## What it does
Finds a function inside a function that collects a list, only by `append`, and returns it, where every call only
iterates over the result once. Functions that others can call are left alone, since they may need a list. So is a loop
that does nothing but append: that is a comprehension.

## Why
The list is made, filled and thrown away, and all of it has to be there before the first element is used. A generator
hands each element on as it comes, and the variable, its start and the `return` are gone.

## Example
    def total(rows):
        def amounts():
            found = []
            for row in rows:
                if row.paid:
                    log(row)
                    found.append(row.amount)
            return found

        return sum(amounts())

Better:
    def total(rows):
        def amounts():
            for row in rows:
                if row.paid:
                    log(row)
                    yield row.amount

        return sum(amounts())

## When the fix is safe
Never without a look: what the function does is done step by step between the steps of who iterates, and an error comes
when the first elements have been used.

## Asked as
- function builds a list and returns it, only iterated once, use yield
- generator function instead of collecting results in a list
- yield against return list, memory
- results = [], append, return results, and the caller only loops
- lazy evaluation, produce items one at a time
- when should a helper be a generator
- inner function fills a list that is looped over only once by its caller
- should my helper yield instead of appending and returning
- avoid the temporary list between two functions
- what do I gain with yield
- helper collects all matches in a list only for the caller's for loop
- list is built, returned, looped over once and thrown away

## References
- The Python Tutorial, 9.9 Generators
- The Python Language Reference, 6.2.9 Yield expressions
"""

import ast
from typing import NamedTuple

from chatbt.analysis.consumption import consumption, is_repeated_in_comprehension
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, walk_block
from chatbt.analysis.mutation import is_mutated
from chatbt.analysis.names import is_dynamic, qualified, scope_of
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.specialists.pattern import Findings, pythonic

_LOOPS = (ast.For, ast.While)


class _Collected(NamedTuple):
    """The statement that makes the list, the calls that add to it, and the one that returns it."""

    start: ast.stmt
    added: list[ast.Call]
    end: ast.Return


@pythonic("PY038", since="0.1", yields_to=("PY004",))
def generator_over_accumulated_list(function: ast.FunctionDef, scope: Scope) -> Findings:
    if scope.kind != "function" or len(function.body) < 3 or function.decorator_list:
        return
    collected = _collected(function)
    if collected is None or is_dynamic(scope) or len(scope.bindings_of(function.name)) != 1:
        return
    if scope.find(function.name) is not scope or function.name in scope.globals | scope.nonlocals:
        return
    uses = list(scope.all_loads(function.name))
    if not uses or not all(_is_iterated_once(one) for one in uses):
        return
    message = f"`{function.name}` collects a list that is only iterated over once"
    yield Finding(collected.start, message, about=(function, collected))


def _collected(function: ast.FunctionDef) -> _Collected | None:
    end = function.body[-1]
    if not isinstance(end, ast.Return) or not isinstance(end.value, ast.Name):
        return None
    name = end.value.id
    inner: Scope = function.__dict__["scope"]
    bindings = inner.bindings.get(name, [])
    if len(bindings) != 1 or inner.captures(name) or inner.dynamic:
        return None
    start = parent(bindings[0])
    match start:
        case ast.Assign(targets=[_], value=ast.List(elts=[])) | ast.AnnAssign(value=ast.List(elts=[])):
            pass
        case _:
            return None
    if not any(one is start for one in function.body):
        return None
    added = [_append(load) for load in inner.all_loads(name) if load is not end.value]
    calls = [one for one in added if one is not None]
    if not calls or len(calls) != len(added) or not _is_more_than_append(function, calls):
        return None
    leaving = [one for one in walk_block(function.body) if isinstance(one, ast.Return | ast.Yield | ast.YieldFrom)]
    return _Collected(start, calls, end) if leaving == [end] else None


def _append(load: ast.Name) -> ast.Call | None:
    """The statement `load.append(x)`'s call."""
    match parent(load):
        case ast.Attribute(attr="append") as method:
            call = parent(method)
            if isinstance(call, ast.Call) and isinstance(parent(call), ast.Expr) and call.func is method:
                is_plain = len(call.args) == 1 and not call.keywords
                return call if is_plain and not isinstance(call.args[0], ast.Starred | ast.GeneratorExp) else None
    return None


def _is_more_than_append(function: ast.FunctionDef, calls: list[ast.Call]) -> bool:
    """Whether a loop adds elements, and does more than that, which a comprehension could do."""
    statements = [one for one in walk_block(function.body) if isinstance(one, ast.stmt)]
    loops = [one for one in statements if isinstance(one, _LOOPS)]
    inside = [one for one in statements if isinstance(one, ast.Expr | ast.Assign | ast.AugAssign | ast.With | ast.Try)]
    adding = [loop for loop in loops if any(contains(loop, call) for call in calls)]
    others = [one for one in inside if any(contains(loop, one) for loop in adding) and not _is_one_of(one, calls)]
    return bool(adding) and (len(calls) > 1 or bool(others))


def _is_one_of(statement: ast.stmt, calls: list[ast.Call]) -> bool:
    return isinstance(statement, ast.Expr) and any(statement.value is one for one in calls)


def _is_iterated_once(load: ast.Name) -> bool:
    """Whether the function is called there, and its result is iterated over, once, and never changed meanwhile."""
    call = parent(load)
    if not isinstance(call, ast.Call) or call.func is not load or is_repeated_in_comprehension(load):
        return False
    found = consumption(call, scope_of(call))
    if found is None:
        return False
    around = parent(call)
    if not isinstance(around, ast.For):
        return found.by != "a loop"
    # What the loop changes the function may be iterating over: a list is what makes that right.
    return not any(
        isinstance(one, ast.Delete | ast.Return | ast.Break) or (isinstance(one, ast.expr) and is_mutated(one))
        for one in walk_block(around.body)
    )


@generator_over_accumulated_list.fix
def yield_them(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    function, (start, added, end) = finding.about
    assert isinstance(function, ast.FunctionDef)
    if not (rewrite.stands_alone(start) and rewrite.stands_alone(end)):
        return None
    edits = [rewrite.remove(start)]
    for call in added:
        text = rewrite.text(call.args[0])
        loose = isinstance(call.args[0], ast.NamedExpr) or call.lineno != call.end_lineno
        value = f"({text})" if loose and not is_enclosed(text) else text
        edits.append(Edit(rewrite.place(call), f"yield {value}"))
    edits.append(rewrite.remove(end))
    if function.returns is not None:
        annotation = _annotation(function.returns, scope, rewrite)
        if annotation is None:
            return None
        edits.append(annotation)
    if any(comments_within(one.stretch, rewrite.walked) for one in edits):
        return None
    return review("Yield the elements", *edits)


def _annotation(returns: ast.expr, scope: Scope, rewrite: Rewrite) -> Edit | None:
    """The edit that makes an Iterator of an annotated list."""
    if not isinstance(returns, ast.Subscript) or qualified(returns.value, scope) not in (
        "builtins.list",
        "typing.List",
    ):
        return None
    iterator = rewrite.imported(scope, "collections.abc", "Iterator")
    return rewrite.replace(returns.value, iterator) if iterator else None
